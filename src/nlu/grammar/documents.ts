import type { Catalog } from '#catalog'

/** A document number as the ERP writes it, and its prefix. */
export type DocumentReading = { start: number; end: number; prefix: string; value: string }

/** The document-number prefixes that the catalog names, longest first. */
export function documentPrefixes(catalog: Catalog): string[] {
  const prefixes = Object.values(catalog.entities).flatMap((entity) =>
    Object.values(entity.dimensions).flatMap((dimension) =>
      dimension.type === 'documentNo' ? [dimension.prefix] : [],
    ),
  )
  return [...new Set(prefixes)].sort((a, b) => b.length - a.length)
}

/** Makes a reader of document numbers: so-2026-00123, SO 2026 00123, so202600123. Without a prefix that is known, none. */
export function createDocumentReader(prefixes: readonly string[]): (text: string) => DocumentReading[] {
  if (prefixes.length === 0) return () => []
  const escaped = prefixes.map((prefix) => prefix.toLowerCase().replace(/[^a-z0-9]/g, '\\$&'))
  const pattern = new RegExp(
    `(?<![a-z0-9])(${escaped.join('|')})[-\\s_]?(?:(20\\d\\d)[-\\s_]?(\\d{3,8})|(\\d{4,10}))(?![\\d])`,
    'g',
  )
  return (text) =>
    [...text.matchAll(pattern)].map((match) => {
      const prefix = (match[1] ?? '').toUpperCase()
      const value = match[4] ? `${prefix}-${match[4]}` : `${prefix}-${match[2]}-${match[3]}`
      return { start: match.index, end: match.index + match[0].length, prefix, value }
    })
}
