import type { Catalog } from '#catalog'
import { createReader } from '../create-reader.ts'
import type { IntentModel } from '../model/index.ts'
import type { NameIndex } from '../names/name-index.ts'
import type { Reading } from '../read-text.ts'
import { isBuiltAsPerson } from './hidden-name.ts'
import { guessNameKind } from './name-kinds.ts'
import { placeholders, withPlaceholders } from './request-shape.ts'

/**
 * A sentence as the model of requests is given it: names, times and numbers as ①②③④. `plain` has catalog words as ①, too; `spoken`
 * keeps them.
 */
export type Shape = { plain: string; spoken: string }
export type Shaper = (text: string) => Shape

/** A word that nothing knows is taken for a name when it is no likelier than this to be none: a name kept would be worse than a word lost. */
const mostLikeWord = 0.5
/** And when it is built as a person's name is: rare ones (홍길동) look like words to the model. */
const mostLikeWordOfPerson = 0.98

/**
 * Makes shapes of sentences for training. Words that nothing knows and that look like names become ②, as names do: what was said
 * about whom stays out of the data. `day` is an ISO day, for times that depend on it.
 */
export function createShaper(deps: {
  catalog: Catalog
  names: NameIndex
  nameKinds: IntentModel
  day: string
}): Shaper {
  const reader = createReader(deps.catalog, () => deps.names)
  const looksLikeName = (text: string): boolean => {
    const isWord = guessNameKind(deps.nameKinds, text).find(({ kind }) => kind === 'word')?.probability ?? 0
    return isWord < (isBuiltAsPerson(text) ? mostLikeWordOfPerson : mostLikeWord)
  }
  return (text) => {
    const reading = hideNames(reader.read(text, deps.day), looksLikeName)
    return { plain: withPlaceholders(reading), spoken: withPlaceholders(reading, { keepsWords: true }) }
  }
}

/** Unknown words that look like names, as pieces that are names. */
function hideNames(reading: Reading, looksLikeName: (text: string) => boolean): Reading {
  const hidden = reading.unknown.filter(({ text }) => looksLikeName(text))
  if (hidden.length === 0) return reading
  const added = hidden.map(({ start, end }): Reading['pieces'][number] => ({
    ...{ start, end, score: 0, slips: 0 },
    meaning: { kind: 'words', senses: [{ kind: 'name', domain: '', name: placeholders.name, fit: 'full' }] },
  }))
  return { ...reading, pieces: [...reading.pieces, ...added].sort((a, b) => a.start - b.start) }
}
