import { convertQwertyToHangul } from 'es-hangul'
import type { Catalog } from '#catalog'
import { findAsides } from './asides.ts'
import { createBrokenDocumentFinder, createDocumentReader, documentPrefixes } from './grammar/documents.ts'
import { buildFuzzyWords } from './names/fuzzy-words.ts'
import type { NameIndex } from './names/name-index.ts'
import type { Piece } from './pieces.ts'
import { readCandidates } from './read-candidates.ts'
import { type Reading, readText } from './read-text.ts'
import { normalizeText } from './text/normalize.ts'
import { commonWords } from './words/cue-words.ts'
import { buildCatalogTrie, buildCueTrie, catalogWords } from './words/lexicon.ts'

/** Reads texts with one catalog and the names of the moment. */
export type Reader = {
  read(text: string, today: string): Reading
  /** Everything that could be read anywhere, overlapping. */
  readAll(text: string, today: string): Piece[]
}

/** es-hangul throws on vowels that cannot stand together; then it was not Korean. */
function typedAsHangul(text: string): string {
  try {
    return convertQwertyToHangul(text)
  } catch {
    return ''
  }
}

/** Latin letters that make no words may be Korean typed with the keyboard left in English: aocnf is 매출. */
function rereadAsHangul(
  text: string,
  today: string,
  first: Reading,
  read: (text: string, today: string) => Reading,
): Reading {
  const isSuspect = first.unknown.length > 0 && !/[가-힣]/.test(text) && /[a-z]{4}/i.test(text) && text.length <= 200
  if (!isSuspect) return first
  const hangul = typedAsHangul(text.trim())
  if (!/^[가-힣\s\d.,?!~%]+$/.test(hangul)) return first
  const second = read(hangul, today)
  return second.unknown.length === 0 && second.pieces.length > 0 ? second : first
}

/** What is said beside the question is blanked out, so that places in the text stay. */
function rereadQuestion(text: string, today: string, read: (text: string, today: string) => Reading): Reading {
  const whole = read(text, today)
  const asides = findAsides(whole)
  if (asides.length === 0) return whole
  const letters = text.split('')
  for (const { start, end } of asides)
    letters.fill(' ', whole.normal.rawAt[start] ?? 0, whole.normal.rawAt[end] ?? text.length)
  return read(letters.join(''), today)
}

/** Indexes the catalog's words once; names are asked for at every reading, so that they can change. */
export function createReader(catalog: Catalog, names: () => NameIndex): Reader {
  const words = catalogWords(catalog)
  const catalogTrie = buildCatalogTrie(words)
  const fuzzyCatalog = buildFuzzyWords(words.map(({ word, sense }) => [word, sense] as const))
  const fuzzyCommon = buildFuzzyWords(commonWords.map((word) => [word, true] as const))
  const cues = buildCueTrie()
  const prefixes = documentPrefixes(catalog)
  const readDocuments = createDocumentReader(prefixes)
  const findBroken = createBrokenDocumentFinder(prefixes)
  const deps = () => ({
    catalog: catalogTrie,
    cues,
    names: names(),
    readDocuments,
    findBroken,
    fuzzyCatalog,
    fuzzyCommon,
  })
  const readWhole = (text: string, today: string): Reading => readText(text, today, deps())
  const read = (text: string, today: string): Reading => rereadQuestion(text, today, readWhole)
  return {
    read: (text, today) => rereadAsHangul(text, today, read(text, today), read),
    readAll: (text, today) => readCandidates(normalizeText(text), today, deps()),
  }
}
