// Part of the Frappe simulator: answers one list request over documents in memory.
import { Exact } from '../../decimal.ts'
import {
  type ColumnRef,
  type OrderKey,
  readFields,
  readOrder,
  readPath,
  requireTables,
  type Selected,
  type Site,
  type Tables,
} from './simulator-columns-fixture.ts'
import {
  compareStored,
  type Doc,
  type Documents,
  type FieldKind,
  FrappeError,
  fieldOf,
  fold,
  passes,
  writeJson,
} from './simulator-model-fixture.ts'

export type ListSite = Site & { documents: Documents; pageCap?: number | undefined }
/** One row of the joined tables. */
type Joined = { doc: Doc; lines: Record<string, Doc | null> }

/** The body of `GET /api/resource/<doctype>`. Throws FrappeError. */
export function answerList(docType: string, params: URLSearchParams, site: ListSite): string {
  if (!site.docTypes[docType]) throw new FrappeError(404, 'DoesNotExistError', `DocType ${docType} not found`)
  const tables: Tables = { main: docType, joined: new Set([docType]) }
  const raw = JSON.parse(params.get('fields') ?? '["name"]') as unknown[]
  const selected = readFields(raw, site, tables)
  const filters = readFilters(params.get('filters'), docType, site, tables)
  const alternatives = readFilters(params.get('or_filters'), docType, site, tables)
  requireTables(selected, site, tables)
  const passing = join(docType, site, tables).filter(
    (row) =>
      filters.every((test) => test(row, site)) &&
      (alternatives.length === 0 || alternatives.some((test) => test(row, site))),
  )
  const groupBy = readOrder(params.get('group_by') ?? '', selected, site, tables)
  const orderBy = readOrder(params.get('order_by') ?? '', selected, site, tables)
  const isGrouped = groupBy.length > 0 || selected.some(({ is }) => is === 'function')
  const groups = isGrouped ? groupRows(passing, groupBy, selected, site) : passing.map((row) => [row])
  groups.sort((a, b) => compareGroups(a, b, { orderBy, selected, site }))
  const start = Number(params.get('limit_start') ?? 0)
  const asked = Number(params.get('limit_page_length') ?? 20)
  const length = Math.min(asked === 0 ? Number.POSITIVE_INFINITY : asked, site.pageCap ?? Number.POSITIVE_INFINITY)
  const rows = groups.slice(start, start + length).map((group) => {
    const cells = selected.map((item) => `${JSON.stringify(item.property)}:${cellText(item, group, site)}`)
    return `{${cells.join(',')}}`
  })
  return `{"data":[${rows.join(',')}]}`
}

type Test = (row: Joined, site: ListSite) => boolean

function readFilters(text: string | null, docType: string, site: ListSite, tables: Tables): Test[] {
  const raw = JSON.parse(text ?? '[]') as unknown[][]
  return raw.map((filter) => {
    const [table, path, operator, value] = (filter.length === 3 ? [docType, ...filter] : filter) as [
      string,
      string,
      string,
      unknown,
    ]
    const ref = path.includes('.') ? readPath(path, site, tables) : { docType: table, field: path }
    if (!ref || (ref.link && !site.isV16))
      throw new FrappeError(500, 'OperationalError', `(1054, "Unknown column '${path}'")`)
    const field = fieldOf(site.docTypes, ref.docType, ref.field)
    if (!field) throw new FrappeError(417, 'DataError', `Field not permitted in query: ${path}`)
    if (ref.link === undefined) tables.joined.add(ref.docType)
    const filtered = { operator, value, kind: field.kind, field: ref.field, isV16: site.isV16 }
    return (row, all) => passes(readValue(row, ref, all), filtered)
  })
}

/** Documents with one row a line of each joined child table; a document without lines has a row of nothing. */
function join(docType: string, site: ListSite, { joined }: Tables): Joined[] {
  const children = Object.entries(site.docTypes[docType] ?? {}).flatMap(([field, kind]) => {
    const child = kind.startsWith('Table:') ? kind.slice('Table:'.length) : undefined
    return child !== undefined && joined.has(child) ? [{ field, child }] : []
  })
  return (site.documents[docType] ?? []).flatMap((doc) => {
    let rows: Joined[] = [{ doc, lines: {} }]
    for (const { field, child } of children) {
      const lines = (doc[field] ?? []) as Doc[]
      rows = rows.flatMap((row) =>
        (lines.length > 0 ? lines : [null]).map((line) => ({ ...row, lines: { ...row.lines, [child]: line } })),
      )
    }
    return rows
  })
}

function readValue({ doc, lines }: Joined, { docType, field, link }: ColumnRef, { documents }: ListSite): unknown {
  if (link !== undefined) return documents[docType]?.find(({ name }) => fold(name) === fold(doc[link]))?.[field] ?? null
  if (docType in lines) return lines[docType]?.[field] ?? null
  return doc[field] ?? null
}

function groupRows(rows: Joined[], keys: OrderKey[], selected: Selected[], site: ListSite): Joined[][] {
  if (keys.length === 0) return [rows]
  const groups = new Map<string, Joined[]>()
  for (const row of rows) {
    const id = JSON.stringify(keys.map(({ by }) => fold(keyValue(by, [row], selected, site))))
    groups.set(id, [...(groups.get(id) ?? []), row])
  }
  return [...groups.values()]
}

function keyValue(by: ColumnRef | string, group: Joined[], selected: Selected[], site: ListSite): unknown {
  if (typeof by !== 'string') return group[0] ? readValue(group[0], by, site) : null
  const item = selected.find(({ property }) => property === by)
  return item ? cellValue(item, group, site) : null
}

type Comparing = { orderBy: OrderKey[]; selected: Selected[]; site: ListSite }

function compareGroups(a: Joined[], b: Joined[], { orderBy, selected, site }: Comparing): number {
  for (const { by, descending } of orderBy) {
    const kind =
      typeof by === 'string'
        ? kindOf(
            selected.find(({ property }) => property === by),
            site,
          )
        : fieldOf(site.docTypes, by.docType, by.field)?.kind
    const order = compareStored(keyValue(by, a, selected, site), keyValue(by, b, selected, site), kind)
    if (order !== 0) return descending ? -order : order
  }
  return 0
}

function kindOf(item: Selected | undefined, site: ListSite): FieldKind | undefined {
  return item?.is === 'column' ? fieldOf(site.docTypes, item.ref.docType, item.ref.field)?.kind : undefined
}

function cellText(item: Selected, group: Joined[], site: ListSite): string {
  const value = cellValue(item, group, site)
  if (item.is === 'column') return writeJson(value, kindOf(item, site) ?? 'Data')
  return writeJson(value, ['count', 'year', 'month'].includes(item.name) ? 'Int' : 'sum')
}

function cellValue(item: Selected, group: Joined[], site: ListSite): unknown {
  if (item.is === 'column') return group[0] ? readValue(group[0], item.ref, site) : null
  const values = group.map((row) => readValue(row, item.ref, site)).filter((value) => value !== null)
  if (item.name === 'count') return values.length
  if (values.length === 0) return null
  if (item.name === 'year') return Number(String(values[0]).slice(0, 4))
  if (item.name === 'month') return Number(String(values[0]).slice(5, 7))
  const numbers = values.map((value) => new Exact(String(value)))
  if (item.name === 'max') return Exact.max(...numbers).toFixed()
  return item.name === 'min' ? Exact.min(...numbers).toFixed() : Exact.sum(...numbers).toFixed()
}
