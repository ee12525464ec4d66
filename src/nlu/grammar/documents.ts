import type { Catalog } from '#catalog'
import { createFinder } from '../text/finder.ts'

/** A document number as the ERP writes it, and its prefix. */
export type DocumentReading = { start: number; end: number; prefix: string; value: string; isForeign: boolean }

/** The document-number prefixes that the catalog names, longest first. */
export function documentPrefixes(catalog: Catalog): string[] {
  const prefixes = Object.values(catalog.entities).flatMap((entity) =>
    Object.values(entity.dimensions).flatMap((dimension) =>
      dimension.type === 'documentNo' ? [dimension.prefix] : [],
    ),
  )
  return [...new Set(prefixes)].sort((a, b) => b.length - a.length)
}

const alternatives = (prefixes: readonly string[]): string =>
  prefixes.map((prefix) => prefix.toLowerCase().replace(/[^a-z0-9]/g, '\\$&')).join('|')

/**
 * Makes a finder of what was begun as a document number and is none: SO--, SO-2026-, SO-2026-0012A. Read without its number, it would
 * be a question for all of them.
 */
export function createBrokenDocumentFinder(
  prefixes: readonly string[],
): (text: string) => { start: number; end: number }[] {
  if (prefixes.length === 0) return () => []
  const finder = createFinder(
    new RegExp(
      `(?<![a-z0-9])(?:${alternatives(prefixes)})(?:\\s?[-_]+(?:\\s?20\\d\\d[-_]+)?(?![a-z0-9])|[-\\s_]?20\\d\\d[-\\s_]?\\d{3,8}[-_]?[a-z])`,
    ),
  )
  return (text) => finder.all(text).map((match) => ({ start: match.index, end: match.index + match[0].length }))
}

/** 처리됐어요: how the paper stands is what its record shows. */
const standing = '(?:\\s*(?:은|는|이|가)?\\s*(?:처리|진행|완료)\\s*(?:다\\s*)?(?:됐|되었|된|되고)[가-힣]*)?'

/** Written out whole, as no other word is; what it numbers, the rest of the sentence must say. */
const foreignNumber = createFinder(/(?<![a-z0-9-])([a-z]{1,5})-20\d\d-\d{3,8}(?![\da-z-])/)

/** Makes a reader of document numbers: so-2026-00123, SO 2026 00123, so202600123; and whole ones (BL-2026-00419) whose prefix the catalog has not. */
export function createDocumentReader(prefixes: readonly string[]): (text: string) => DocumentReading[] {
  if (prefixes.length === 0) return () => []
  const finder = createFinder(
    new RegExp(
      `(?<![a-z0-9])(${alternatives(prefixes)})[-\\s_]?(?:(20\\d\\d)[-\\s_]?(\\d{3,8})|(\\d{4,10}))(?![\\d])${standing}`,
    ),
  )
  return (text) => {
    const known = finder.all(text).map((match) => {
      const prefix = (match[1] ?? '').toUpperCase()
      const value = match[4] ? `${prefix}-${match[4]}` : `${prefix}-${match[2]}-${match[3]}`
      return { start: match.index, end: match.index + match[0].length, prefix, value, isForeign: false }
    })
    const others = foreignNumber.all(text).flatMap((match) => {
      const prefix = (match[1] ?? '').toUpperCase()
      const value = match[0].toUpperCase()
      const one = { start: match.index, end: match.index + match[0].length, prefix, value, isForeign: true }
      return prefixes.includes(prefix) || known.some(({ start }) => start === one.start) ? [] : [one]
    })
    return [...known, ...others]
  }
}
