import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createRandom } from '../model/random.ts'
import { coverPattern, expandPattern } from '../training/pattern.ts'
import { type LabelledPatterns, readPatterns, readPhrases, trainingFolder } from '../training/read-patterns.ts'
import { slip } from '../training/slips.ts'
import { placeholders } from './request-shape.ts'

/** A sentence with placeholders for the company's own words, its label, and the number of the pattern it was made of. */
export type RequestExample = { text: string; intent: string; pattern: number }

/** How many sentences a label is to have in all, by the file it stands in; its patterns share them evenly. */
const sentences: Record<string, number> = { ask: 2200, talk: 420, declined: 300, topics: 120 }
const fewestOfPattern = 3
/** So many sentences in a hundred come a second time, with a slip. */
const slipShare = 0.12

const withSymbols = (text: string): string =>
  text.replace(/\{(word|name|time|number)\}/g, (_, key: keyof typeof placeholders) => placeholders[key])

const seedOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32LE(0)

/** Each pattern draws for itself, so that one more pattern changes no other's sentences. */
function expandLabel({ label, file, patterns }: LabelledPatterns): RequestExample[] {
  const limit = Math.max(fewestOfPattern, Math.ceil((sentences[file] ?? 200) / Math.max(1, patterns.length)))
  const texts = new Map<string, number>()
  patterns.forEach((pattern, i) => {
    const random = createRandom(seedOf(`${label} ${coverPattern(pattern)[0]}`))
    for (const text of expandPattern(pattern, limit, random)) {
      if (!texts.has(text)) texts.set(text, i)
      const slipped = random() < slipShare ? slip(text, random) : text
      if (!texts.has(slipped)) texts.set(slipped, i)
    }
  })
  return [...texts].map(([text, pattern]) => ({ text: withSymbols(text), intent: label, pattern }))
}

/** The sentences that the request model learns from. The same files give the same sentences. Throws PatternFault. */
export function readRequestExamples(folder = trainingFolder): RequestExample[] {
  return readPatterns(join(folder, 'requests'), readPhrases(folder)).flatMap(expandLabel)
}

/** Every word of every pattern, by label, in sentences that show each option once. */
export function readRequestWording(folder = trainingFolder): { label: string; texts: string[] }[] {
  return readPatterns(join(folder, 'requests'), readPhrases(folder)).map(({ label, patterns }) => ({
    label,
    texts: [...new Set(patterns.flatMap(coverPattern))],
  }))
}

/** What a sentence may be labelled as. */
export function readRequestLabels(folder = trainingFolder): string[] {
  return readPatterns(join(folder, 'requests'), readPhrases(folder)).map(({ label }) => label)
}
