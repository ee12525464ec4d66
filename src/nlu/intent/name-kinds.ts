import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type IntentModel, trainIntentModel } from '../model/index.ts'
import { createRandom } from '../model/random.ts'
import { coverPattern, expandPattern } from '../training/pattern.ts'
import { readPatternFile, trainingFolder } from '../training/read-patterns.ts'

/** What a word that nobody knows may be the name of; `word`: of nothing. */
const nameKinds = ['company', 'person', 'product', 'word'] as const
export type NameKind = (typeof nameKinds)[number]

/** Kinds by how likely a text is a name of one, likeliest first. */
export type NameGuess = { kind: NameKind; probability: number }[]

/** Beside those that show each part of a pattern once. */
const drawnOfPattern = 400

/** Trains on the made-up names of `names.yaml`; about half a second. Throws PatternFault. */
export function trainNameKinds(folder = trainingFolder): IntentModel {
  const examples = readPatternFile(join(folder, 'names.yaml'), new Map()).flatMap(({ label, patterns }) => {
    const random = createRandom(createHash('sha256').update(label).digest().readUInt32LE(0))
    const texts = patterns.flatMap((pattern) => [
      ...coverPattern(pattern),
      ...expandPattern(pattern, drawnOfPattern, random),
    ])
    return [...new Set(texts)].map((text) => ({ text, intent: label }))
  })
  return trainIntentModel(examples, { size: 'quick' })
}

const isKind = (label: string): label is NameKind => nameKinds.some((kind) => kind === label)

/** What a text may be the name of. */
export function guessNameKind(model: IntentModel, text: string): NameGuess {
  return model
    .classify(text)
    .ranked.flatMap(({ intent, probability }) => (isKind(intent) ? [{ kind: intent, probability }] : []))
}
