import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Pattern, PatternFault, type Phrases, parsePattern } from './pattern.ts'

/** Where the repository keeps what understanding learns from. */
export const trainingFolder = join(import.meta.dirname, '../../../nlu-training')

const phrasesSchema = z.record(z.string(), z.array(z.string()))
const fileSchema = z.record(z.string(), z.string())

/** The named lists of `phrases.yaml`. */
export function readPhrases(folder = trainingFolder): Phrases {
  return new Map(Object.entries(phrasesSchema.parse(parse(readFileSync(join(folder, 'phrases.yaml'), 'utf8')))))
}

/** One label's patterns, a line each; empty lines and lines that begin with # say nothing. */
export type LabelledPatterns = { label: string; file: string; patterns: Pattern[] }

/** Reads a file of patterns: labels, each with a block of lines. Throws {@link PatternFault} naming file and label. */
export function readPatternFile(path: string, phrases: Phrases): LabelledPatterns[] {
  const file = basename(path, '.yaml')
  return Object.entries(fileSchema.parse(parse(readFileSync(path, 'utf8')))).map(([label, block]) => ({
    label,
    file,
    patterns: parseBlock(block, phrases, `${file}.yaml: ${label}`),
  }))
}

/** Reads every file of a folder of patterns. */
export function readPatterns(folder: string, phrases: Phrases): LabelledPatterns[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => readPatternFile(join(folder, name), phrases))
}

/** Reads the lines of a block as patterns. `where` is for the message of a {@link PatternFault}. */
export function parseBlock(block: string, phrases: Phrases, where: string): Pattern[] {
  return block.split('\n').flatMap((line) => {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) return []
    try {
      return [parsePattern(text, phrases)]
    } catch (error) {
      if (error instanceof PatternFault) throw new PatternFault(`${where}: ${error.message}`)
      throw error
    }
  })
}
