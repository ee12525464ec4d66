import { AppError } from '#platform/errors'
import {
  type Aggregate,
  aggregateName,
  type GroupKey,
  type GroupSpec,
  type GroupTest,
  keyName,
} from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import type { Dialect } from './dialect.ts'
import { locate, type MappedSet } from './mapped-set.ts'
import { writeOperator } from './write-literal.ts'

/** Servers refuse longer request lines, with errors that say nothing. */
const longestQuery = 14_000

/** Records to ask for, in the ERP's words: property paths, a condition, an order. */
export type RecordRequest = {
  set: string
  dialect: Dialect
  paths: string[][]
  filter: string | undefined
  orderBy: [property: string, descending: boolean][]
  /** The first so many only; absent: all of them. */
  top?: number | undefined
}

type Params = [name: string, value: string][]

/** Path and query of records, below the service root. Throws QUERY_TOO_BIG when the conditions do not fit in a request. */
export function writeRecordRequest({ set, dialect, paths, filter, orderBy, top }: RecordRequest): string {
  const params: Params = [
    ...(filter ? [['$filter', filter] satisfies Params[number]] : []),
    ...(dialect.version === 2 ? selectFlat(paths) : selectNested(paths)),
    ['$orderby', writeOrder(orderBy)],
  ]
  if (top !== undefined) params.push(['$top', String(top)])
  if (top !== undefined || dialect.counted) params.push(countParam(dialect))
  if (dialect.version === 2) params.push(['$format', 'json'])
  return writePath(set, params)
}

/** Path and query of groups by `$apply`. Throws QUERY_TOO_BIG likewise. `filter` is in the ERP's words. */
export function writeGroupRequest(mapped: MappedSet, spec: GroupSpec, filter: string | undefined): string {
  const params = groupParams(mapped, spec, filter)
  if (spec.limit !== undefined) {
    params.push(['$top', String(spec.limit)])
    if (spec.keys.length > 0) params.push(['$count', 'true'])
  }
  return writePath(mapped.set, params)
}

/** What the ERP calls an aggregate or a part of a date in its reply: `sum:amount` → `sum_amount`. */
export function aliasOf(name: string): string {
  return name === 'count' ? 'record_count' : name.replace(':', '_')
}

const verbs = { sum: 'sum', max: 'max', min: 'min', distinct: 'countdistinct' } as const

function writePath(set: string, params: Params): string {
  const query = params.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  if (query.length > longestQuery)
    throw new AppError(erpErrors.tooBig, { details: [{ issue: 'too many values in the conditions' }] })
  return `${set.split('/').map(encodeURIComponent).join('/')}?${query}`
}

function countParam({ version }: Dialect): Params[number] {
  return version === 2 ? ['$inlinecount', 'allpages'] : ['$count', 'true']
}

type Selected = { own: Set<string>; expanded: Map<string, Selected> }

/** V4: each expanded record selects for itself. */
function selectNested(paths: string[][]): Params {
  const root = collect(paths)
  const expand = writeExpand(root)
  return [['$select', [...root.own].join(',')], ...(expand ? [['$expand', expand] satisfies Params[number]] : [])]
}

function collect(paths: string[][]): Selected {
  const root: Selected = { own: new Set(), expanded: new Map() }
  for (const path of paths) {
    let at = root
    for (const step of path.slice(0, -1)) {
      const next = at.expanded.get(step) ?? { own: new Set(), expanded: new Map() }
      at.expanded.set(step, next)
      at = next
    }
    const own = path.at(-1)
    if (own) at.own.add(own)
  }
  return root
}

function writeExpand({ expanded }: Selected): string {
  return [...expanded]
    .map(([name, inner]) => {
      const deeper = writeExpand(inner)
      const options = [inner.own.size > 0 && `$select=${[...inner.own].join(',')}`, deeper && `$expand=${deeper}`]
      const inside = options.filter(Boolean).join(';')
      return inside ? `${name}(${inside})` : name
    })
    .join(',')
}

/** V2: all is selected in one list of paths, and what is expanded is named beside it. */
function selectFlat(paths: string[][]): Params {
  const expanded = new Set(paths.flatMap((path) => (path.length > 1 ? [path.slice(0, -1).join('/')] : [])))
  const select = [...new Set(paths.map((path) => path.filter(Boolean).join('/')))].join(',')
  return [
    ['$select', select],
    ...(expanded.size > 0 ? [['$expand', [...expanded].join(',')] satisfies Params[number]] : []),
  ]
}

function groupParams(mapped: MappedSet, spec: GroupSpec, filter: string | undefined): Params {
  const property = (field: string) => locate(mapped, field).text
  const nameOfKey = (key: GroupKey) => (key.part ? aliasOf(keyName(key)) : property(key.field))
  const computed = spec.keys.flatMap((key) =>
    key.part ? `${key.part}(${property(key.field)}) as ${nameOfKey(key)}` : [],
  )
  const aggregates = spec.aggregates.map((aggregate) => writeAggregate(aggregate, property)).join(',')
  const steps = [
    filter && `filter(${filter})`,
    computed.length > 0 && `compute(${computed.join(',')})`,
    spec.keys.length > 0
      ? `groupby((${[...new Set(spec.keys.map(nameOfKey))].join(',')})${aggregates && `,aggregate(${aggregates})`})`
      : `aggregate(${aggregates})`,
    spec.having.length > 0 && `filter(${spec.having.map(writeTest).join(' and ')})`,
  ]
  const names = new Map(spec.keys.map((key) => [keyName(key), nameOfKey(key)]))
  const asked = spec.orderBy.map(({ by, descending }): [string, boolean] => [names.get(by) ?? aliasOf(by), descending])
  const order = asked.length > 0 ? asked : [...new Set(names.values())].map((name): [string, boolean] => [name, false])
  return [
    ['$apply', steps.filter(Boolean).join('/')],
    ...(order.length > 0 ? [['$orderby', writeOrder(order)] satisfies Params[number]] : []),
  ]
}

function writeAggregate(aggregate: Aggregate, property: (field: string) => string): string {
  const alias = aliasOf(aggregateName(aggregate))
  return aggregate.fn === 'count'
    ? `$count as ${alias}`
    : `${property(aggregate.field)} with ${verbs[aggregate.fn]} as ${alias}`
}

function writeTest({ left, operator, right }: GroupTest): string {
  const value = typeof right === 'string' ? right : aliasOf(aggregateName(right))
  return `${aliasOf(aggregateName(left))} ${writeOperator(operator)} ${value}`
}

function writeOrder(order: [string, boolean][]): string {
  return order.map(([name, descending]) => `${name} ${descending ? 'desc' : 'asc'}`).join(',')
}
