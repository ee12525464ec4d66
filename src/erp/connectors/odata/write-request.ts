import type { Catalog, ODataMapping } from '#catalog'
import { AppError } from '#platform/errors'
import {
  type Aggregate,
  aggregateName,
  type FetchSpec,
  type GroupKey,
  type GroupSpec,
  type GroupTest,
  keyName,
  type RecordSpec,
} from '../../erp-connector.ts'
import { erpErrors, invalidQuery } from '../../errors.ts'
import { writeFilter, writeOperator } from './write-filter.ts'

/** Servers refuse longer request lines, with errors that say nothing. */
const longestQuery = 14_000

/** How the ERP names an entity. */
export type MappedEntity = ODataMapping['entities'][string]

/** The ERP's names of an entity and its fields. Throws QUERY_INVALID for one it does not have. */
export function mappedEntity({ mapping }: Catalog, entity: string): MappedEntity {
  if (mapping.connector !== 'odata') throw new Error(`a mapping for ${mapping.connector}`)
  const mapped = Object.hasOwn(mapping.entities, entity) ? mapping.entities[entity] : undefined
  if (!mapped) throw invalidQuery('entity', `'${entity}' is not mapped to the ERP`)
  return mapped
}

/** The ERP's name of a field. Throws QUERY_INVALID. */
export function propertyOf(mapped: MappedEntity, field: string): string {
  const property = Object.hasOwn(mapped.fields, field) ? mapped.fields[field] : undefined
  if (!property) throw invalidQuery(field, `'${field}' is not mapped to the ERP`)
  return property
}

/** Path and query below the service root. Throws QUERY_TOO_BIG when the conditions do not fit in a request. */
export function writeRequest(mapped: MappedEntity, spec: FetchSpec): string {
  const params = spec.kind === 'records' ? recordParams(mapped, spec) : groupParams(mapped, spec)
  if (spec.limit !== undefined) {
    params.push(['$top', String(spec.limit)])
    if (spec.kind === 'records' || spec.keys.length > 0) params.push(['$count', 'true'])
  }
  const query = params.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  if (query.length > longestQuery)
    throw new AppError(erpErrors.tooBig, { details: [{ issue: 'too many values in the conditions' }] })
  return `${encodeURIComponent(mapped.set)}?${query}`
}

/** What the ERP calls an aggregate or a part of a date in its reply: `sum:amount` → `sum_amount`. */
export function aliasOf(name: string): string {
  return name === 'count' ? 'record_count' : name.replace(':', '_')
}

type Params = [name: string, value: string][]
const verbs = { sum: 'sum', max: 'max', min: 'min', distinct: 'countdistinct' } as const

function recordParams(mapped: MappedEntity, spec: RecordSpec): Params {
  const property = (field: string) => propertyOf(mapped, field)
  const filter = writeFilter(spec.filter, property)
  const order = spec.orderBy.map(({ by, descending }): [string, boolean] => [property(by), descending])
  // Pages only follow each other in an order without ties.
  for (const key of mapped.key) if (!order.some(([name]) => name === key)) order.push([key, false])
  return [
    ...(filter ? [['$filter', filter] satisfies Params[number]] : []),
    ['$select', [...new Set(spec.fields.map(property))].join(',') || mapped.key.join(',')],
    ['$orderby', writeOrder(order)],
  ]
}

function groupParams(mapped: MappedEntity, spec: GroupSpec): Params {
  const property = (field: string) => propertyOf(mapped, field)
  const filter = writeFilter(spec.filter, property)
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
