// Part of the Frappe simulator: what the two versions take as `fields`, `order_by` and `group_by`, and what they refuse.
import { type DocTypes, FrappeError, fieldOf } from './simulator-model-fixture.ts'

/** A column of a table of the list. `link` is the field of the document by which the table is joined. */
export type ColumnRef = { docType: string; field: string; link?: string }
export type Selected =
  | { is: 'column'; ref: ColumnRef; property: string }
  /** `isBare`: its argument is a field name alone. */
  | { is: 'function'; name: string; ref: ColumnRef; property: string; isBare: boolean }

export type Site = { docTypes: DocTypes; isV16: boolean; hidden: Record<string, string[]> }
/** Tables that the list joins so far, the document's own first. */
export type Tables = { main: string; joined: Set<string> }

const functionText = /^\s*([a-z_]\w*)\s*\((.*)\)(?:\s+as\s+(\w+))?\s*$/i
const fullName = /^`tab([^`]+)`\.`?(\w+)`?$/
/** Functions whose argument version 15 does not take for the name of a table. */
const knownBy15 = ['dayofyear(', 'extract(', 'locate(', 'strpos(', 'count(', 'sum(', 'avg(']
const functionsOf16 = ['COUNT', 'SUM', 'AVG', 'MAX', 'MIN', 'YEAR', 'MONTH', 'QUARTER']

/** Reads `fields`, joining tables as they are named. What the user may not read is left out without a word. */
export function readFields(raw: unknown[], site: Site, tables: Tables): Selected[] {
  const selected = raw.map((item) =>
    typeof item === 'string' ? readText(item, site, tables) : readObject(item, site, tables),
  )
  for (const { ref } of selected) requireField(ref, site)
  return selected.filter((item) => {
    const isHidden = site.hidden[item.ref.docType]?.includes(item.ref.field)
    if (isHidden && item.is === 'function' && site.isV16)
      throw new FrappeError(403, 'PermissionError', `You do not have permission to access field: ${item.ref.field}`)
    return !isHidden
  })
}

/** Functions may only name tables that are joined by then, through a field or a filter. */
export function requireTables(selected: Selected[], site: Site, tables: Tables): void {
  for (const item of selected) {
    const { docType, link } = item.ref
    if (
      item.is === 'function' &&
      !site.isV16 &&
      item.isBare &&
      tables.joined.size > 1 &&
      !['count', 'sum', 'avg'].includes(item.name)
    )
      throw new FrappeError(
        500,
        'ProgrammingError',
        `(1064, "You have an error in your SQL syntax near '${item.name}('")`,
      )
    if (link !== undefined || tables.joined.has(docType)) continue
    throw site.isV16
      ? new FrappeError(500, 'OperationalError', `(1054, "Unknown column 'tab${docType}.${item.ref.field}'")`)
      : new FrappeError(403, 'PermissionError', docType)
  }
}

function readText(text: string, site: Site, tables: Tables): Selected {
  const call = functionText.exec(text)
  if (call) return readCall(text, call, site, tables)
  const [, path = '', alias] = /^(.*?)(?:\s+as\s+(\w+))?$/i.exec(text.trim()) ?? []
  const ref = readPath(path, site, tables)
  if (!ref)
    throw new FrappeError(
      site.isV16 ? 403 : 417,
      site.isV16 ? 'PermissionError' : 'DataError',
      `Invalid field: ${text}`,
    )
  if (ref.link === undefined) tables.joined.add(ref.docType)
  else tables.joined.add(`${ref.docType} by ${ref.link}`)
  return { is: 'column', ref, property: alias ?? ref.field }
}

function readCall(
  text: string,
  [, name = '', argument = '', alias]: RegExpExecArray,
  site: Site,
  tables: Tables,
): Selected {
  if (site.isV16)
    throw new FrappeError(
      417,
      'ValidationError',
      `SQL functions are not allowed as strings in SELECT: ${text}. Use dict syntax`,
    )
  if (argument === '*') throw new FrappeError(417, 'DataError', 'Field not permitted in query: *')
  if (text.includes('tab') && text.includes('.') && !knownBy15.some((one) => text.includes(one)))
    throw new FrappeError(404, 'DoesNotExistError', `DocType ${text.split('.', 1)[0]?.slice(3)} not found`)
  const ref = readPath(argument, site, tables)
  if (!ref || ref.link) throw new FrappeError(417, 'DataError', `Field not permitted in query: ${argument}`)
  return { is: 'function', name: name.toLowerCase(), ref, property: alias ?? text, isBare: !argument.includes('.') }
}

function readObject(item: unknown, site: Site, tables: Tables): Selected {
  if (!site.isV16) throw new FrappeError(500, 'TypeError', "unhashable type: 'dict'")
  const entries = Object.entries(item as Record<string, unknown>)
  const [name = '', argument] = entries.find(([key]) => key !== 'as') ?? []
  const alias = entries.find(([key]) => key === 'as')?.[1]
  if (!functionsOf16.includes(name))
    throw new FrappeError(417, 'ValidationError', `Unsupported function or operator: ${name}`)
  const ref = readPath(String(argument), site, tables)
  if (!ref || ref.link) throw new FrappeError(417, 'ValidationError', `Invalid argument format: ${argument}`)
  return { is: 'function', name: name.toLowerCase(), ref, property: String(alias ?? name), isBare: false }
}

/** A bare field, a name in full, `child_table.field` or `link.field`. */
export function readPath(path: string, { docTypes }: Site, { main }: Tables): ColumnRef | undefined {
  const full = fullName.exec(path)
  if (full?.[1] && full[2]) return { docType: full[1], field: full[2] }
  const [first = '', second, ...more] = path.split('.')
  if (more.length > 0 || !/^\w+$/.test(first)) return undefined
  if (second === undefined) return { docType: main, field: first }
  const through = fieldOf(docTypes, main, first)
  if (!through?.options) return undefined
  return through.kind === 'Table'
    ? { docType: through.options, field: second }
    : { docType: through.options, field: second, link: first }
}

function requireField({ docType, field }: ColumnRef, site: Site): void {
  if (fieldOf(site.docTypes, docType, field)) return
  throw site.isV16
    ? new FrappeError(403, 'PermissionError', `You do not have permission to access field: ${docType}.${field}`)
    : new FrappeError(417, 'DataError', `Field not permitted in query: ${field}`)
}

export type OrderKey = { by: ColumnRef | string; descending: boolean }

/** Reads `order_by` or `group_by`: columns, or the names given to functions and fields. */
export function readOrder(text: string, selected: Selected[], site: Site, tables: Tables): OrderKey[] {
  if (!site.isV16 && /[^a-z0-9\-_ ,`'".()]/.test(text.toLowerCase()))
    throw new FrappeError(417, 'ValidationError', 'Illegal SQL Query')
  const parts = text.split(',').map((part) => part.trim())
  return parts.filter(Boolean).map((part) => {
    const [, path = '', direction] = /^(.*?)(?:\s+(asc|desc))?$/i.exec(part) ?? []
    const descending = direction?.toLowerCase() === 'desc'
    if (selected.some(({ property }) => property === path) && !fullName.test(path)) return { by: path, descending }
    const ref = readPath(path, site, tables)
    const isAmbiguous = !path.includes('.') && tables.joined.size > 1
    const unknownTo15 = !site.isV16 && path.includes('.') && !fullName.test(path)
    if (!ref || unknownTo15 || (isAmbiguous && !site.isV16))
      throw new FrappeError(500, 'OperationalError', `(1052, "Column '${path}' in order clause is ambiguous")`)
    if (ref.link === undefined && !tables.joined.has(ref.docType))
      throw site.isV16
        ? new FrappeError(500, 'OperationalError', `(1054, "Unknown column '${path}' in 'ORDER BY'")`)
        : new FrappeError(417, 'ValidationError', `Please select atleast 1 column from ${ref.docType} to sort/group`)
    return { by: ref, descending }
  })
}
