import type { BusinessQuery, Entity } from '#catalog'
import { formatExact } from './decimal.ts'
import { type Aggregate, aggregateName, type GroupSpec, type RecordSpec, type SortKey } from './erp-connector.ts'
import { invalidQuery } from './errors.ts'
import { type Fetching, keepPassing, type Rows } from './fetching.ts'
import { isNumeric, isRatio, recordColumn } from './fields.ts'
import { readParts } from './group.ts'
import { measuresOf } from './group-condition.ts'
import { fieldsOf, groupRecords, recordParts } from './group-records.ts'
import { type Measure, measureCell, measuresOfColumns, partNumber } from './measure.ts'
import type { Column, Row } from './query-answer.ts'
import type { ResolvedQuery } from './resolve-query.ts'
import { compareCells, hasGaps, recordOrder } from './sort-rows.ts'

export type AnsweredRecords = { columns: Column[]; rows: Row[]; totals: Row; count: number }

type Asked = Pick<BusinessQuery, 'orderBy' | 'limit' | 'select'>
type Options = { shown: number; maxRecords: number }
type Plan = { columns: Column[]; measures: Measure[]; parts: Aggregate[]; order: SortKey[]; spec: RecordSpec }

/** The first records of a query, with their count and sums over all that match: records, whatever their entity counts by. */
export async function answerRecords(
  resolved: ResolvedQuery,
  asked: Asked,
  fetching: Fetching,
  options: Options,
): Promise<AnsweredRecords> {
  const plan = planRecords(resolved, asked, options)
  const ratioOrder = plan.order.some(({ by }) => isRatio(resolved.entity, by))
  if (ratioOrder || resolved.recordConditions.length > 0)
    return answerFromAll(plan, resolved, asked.limit ?? options.shown, fetching)

  const [found, totals] = await Promise.all([fetchFirst(plan, resolved.entity, fetching), fetchTotals(plan, fetching)])
  const shown = {
    columns: plan.columns,
    rows: found.rows.map((record) => showRecord(record, plan)),
    count: found.count,
  }
  if (totals) return { ...shown, totals: totalCells(totals, plan) }
  if (found.count <= found.rows.length)
    return { ...shown, totals: totalCells(groupRecords(found.rows, totalSpec(plan))[0], plan) }
  // This ERP sums nothing. Within the budget its records are summed here; beyond it there is a count, and no sums.
  if (plan.measures.length === 0 || found.count > options.maxRecords)
    return { ...shown, totals: { count: found.count } }
  const own = await fetching.groups(totalSpec(plan))
  return { ...shown, totals: totalCells(own.rows[0], plan) }
}

function planRecords({ entity, filter, recordConditions }: ResolvedQuery, asked: Asked, options: Options): Plan {
  const columns = recordColumns(entity, asked.select)
  const measures = measuresOfColumns(entity, columns)
  const parts: Aggregate[] = [{ fn: 'count' }, ...measures.flatMap((measure) => measure.parts)]
  const order = recordOrder(entity, asked.orderBy ?? [])
  const stored = (names: string[]) => names.filter((name) => !isRatio(entity, name))
  const ordered = measuresOfColumns(
    entity,
    order.map(({ by }) => recordColumn(entity, by)),
  )
  const tested = recordConditions.flatMap(measuresOf)
  const needed = [...parts, ...[...ordered, ...tested].flatMap((measure) => measure.parts)]
  const fields = [
    ...stored(columns.map(({ name }) => name)),
    ...stored(order.map(({ by }) => by)),
    ...fieldsOf([], needed),
  ]
  return {
    columns,
    measures,
    parts,
    order,
    spec: {
      kind: 'records',
      entity: entity.entity,
      filter,
      fields: [...new Set(fields)],
      orderBy: order.filter(({ by }) => !isRatio(entity, by)),
      limit: asked.limit ?? options.shown,
      maxRows: options.maxRecords,
    },
  }
}

/** What was selected, led by what identifies the record: a phone number without a name helps nobody. */
function recordColumns(entity: Entity, select: string[] | undefined): Column[] {
  const names = select && select.length > 0 ? [...entity.columns.slice(0, 1), ...select] : entity.columns
  for (const name of names) if (name === 'count') throw invalidQuery(name, 'a record has no count')
  return [...new Set(names)].map((name) => recordColumn(entity, name))
}

/** Sums by the ERP, at the same time as the records; undefined when it cannot, for then the records may be all we need. */
async function fetchTotals(plan: Plan, fetching: Fetching): Promise<Row | undefined> {
  if (fetching.capabilities.aggregate === 'none') return undefined
  return (await fetching.groups(totalSpec(plan))).rows[0] ?? {}
}

function totalSpec({ spec, parts }: Plan): GroupSpec {
  const { entity, filter, maxRows } = spec
  const aggregates = [...new Map(parts.map((part) => [aggregateName(part), part])).values()]
  return { kind: 'groups', entity, filter, keys: [], aggregates, having: [], orderBy: [], maxRows }
}

/** The first records. In our order nothing comes last, wherever the ERP puts it: then all are fetched, sorted and cut here. */
async function fetchFirst({ spec, order }: Plan, entity: Entity, fetching: Fetching): Promise<Rows> {
  const found = await fetching.records(spec)
  if (!hasGaps(found.rows, order)) return found
  const { limit, ...all } = spec
  const whole = found.count <= found.rows.length ? found : await fetching.records(all)
  const rows = whole.rows.toSorted((a, b) => compareRows(a, b, entity, order))
  return { rows: rows.slice(0, limit), count: found.count }
}

/** Pages all records, because the test or order is by a number worked out of each: no ERP can do that part. */
async function answerFromAll(
  plan: Plan,
  resolved: ResolvedQuery,
  limit: number,
  fetching: Fetching,
): Promise<AnsweredRecords> {
  const { limit: _, ...all } = plan.spec
  const found: Rows = await fetching.records(all)
  const passing = keepPassing(found.rows, resolved.recordConditions)
  const shown = passing.map((record) => ({
    ...record,
    ...showRecord(record, plan),
    ...orderCells(record, resolved.entity, plan),
  }))
  shown.sort((a, b) => compareRows(a, b, resolved.entity, plan.order))
  return {
    columns: plan.columns,
    rows: shown
      .slice(0, limit)
      .map((row) => Object.fromEntries(plan.columns.map(({ name }) => [name, row[name] ?? null]))),
    totals: totalCells(groupRecords(passing, totalSpec(plan))[0], plan),
    count: passing.length,
  }
}

function compareRows(a: Row, b: Row, entity: Entity, order: SortKey[]): number {
  for (const { by, descending } of order) {
    const numeric = isNumeric(recordColumn(entity, by).type as Exclude<Column['type'], 'count'>)
    const difference = compareCells(a[by] ?? null, b[by] ?? null, { numeric, descending })
    if (difference !== 0) return difference
  }
  return 0
}

/** Ratios that are sorted by without being shown. */
function orderCells(record: Row, entity: Entity, { order }: Plan): Row {
  const columns = order.filter(({ by }) => isRatio(entity, by)).map(({ by }) => recordColumn(entity, by))
  return Object.fromEntries(
    measuresOfColumns(entity, columns).map((measure) => [measure.column.name, ratioCell(record, measure)]),
  )
}

/** A record as shown: its fields, and the ratios worked out of it. */
function showRecord(record: Row, { columns, measures }: Plan): Row {
  const ratios = new Map(measures.filter(({ direct }) => !direct).map((measure) => [measure.column.name, measure]))
  return Object.fromEntries(
    columns.map(({ name }) => {
      const ratio = ratios.get(name)
      return [name, ratio ? ratioCell(record, ratio) : (record[name] ?? null)]
    }),
  )
}

function ratioCell(record: Row, measure: Measure): string | null {
  const parts = recordParts(record, measure.parts)
  const value = measure.value(parts, parts)
  return value && formatExact(value)
}

function totalCells(row: Row | undefined, { measures, parts }: Plan): Row {
  const total = readParts(row ?? {}, parts)
  const sums = measures.map((measure) => [measure.column.name, measureCell(measure, measure.value(total, total))])
  return { count: partNumber(total, { fn: 'count' })?.toNumber() ?? 0, ...Object.fromEntries(sums) }
}
