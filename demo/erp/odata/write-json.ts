import type { Column } from './scope.ts'

/** A value as the database driver gives it: numbers and dates as exact text. */
export type DatabaseValue = string | number | boolean | null

/** How decimals are written: as JSON numbers, or as strings for readers whose numbers are IEEE 754 doubles. */
export type NumberStyle = 'number' | 'string'

export type Page = {
  context: string
  columns: readonly Column[]
  /** One array a row, in the order of `columns`. */
  rows: readonly (readonly DatabaseValue[])[]
  count?: string
  nextLink?: string
}

/** A collection reply. Decimals are written digit by digit as the database gave them; they never pass through a JS number. */
export function writePage(page: Page, style: NumberStyle): string {
  const parts = [`"@odata.context":${JSON.stringify(page.context)}`]
  if (page.count !== undefined)
    parts.push(`"@odata.count":${style === 'string' ? JSON.stringify(page.count) : page.count}`)
  const rows = page.rows.map((row) => `{${writeFields(page.columns, row, style)}}`)
  parts.push(`"value":[${rows.join(',\n')}]`)
  if (page.nextLink !== undefined) parts.push(`"@odata.nextLink":${JSON.stringify(page.nextLink)}`)
  return `{${parts.join(',')}}`
}

/** A single entity. */
export function writeEntity(
  context: string,
  columns: readonly Column[],
  row: readonly DatabaseValue[],
  style: NumberStyle,
): string {
  return `{"@odata.context":${JSON.stringify(context)},${writeFields(columns, row, style)}}`
}

function writeFields(columns: readonly Column[], row: readonly DatabaseValue[], style: NumberStyle): string {
  return columns
    .map(({ name, type }, i) => `${JSON.stringify(name)}:${writeValue(row[i] ?? null, type, style)}`)
    .join(',')
}

function writeValue(value: DatabaseValue, type: Column['type'], style: NumberStyle): string {
  if (value === null) return 'null'
  if (type === 'Decimal') return style === 'string' ? `"${value}"` : String(value)
  if (type === 'Int32' || type === 'Boolean') return String(value)
  return JSON.stringify(value)
}
