import type { BusinessQuery } from '#catalog'
import { type Aggregate, aggregateName, type GroupSpec } from './erp-connector.ts'
import type { Fetching } from './fetching.ts'
import { fillGaps } from './fill-gaps.ts'
import { emptyParts, foldRows, type Group, mergeParts, readParts } from './group.ts'
import { measuresOf, passes, serverTest } from './group-condition.ts'
import { type Measure, measureCell, type Parts } from './measure.ts'
import type { Row } from './query-answer.ts'
import type { ResolvedQuery } from './resolve-query.ts'
import { groupOrder, serverOrder, sortGroups } from './sort-rows.ts'

/** All groups that a query covers, in order; only the first when the ERP could cut them itself. */
export type CollectedGroups = { groups: Group[]; count: number; totals: Parts; whole: Parts; aggregates: Aggregate[] }

type Asked = Pick<BusinessQuery, 'orderBy' | 'limit'>
type Options = { maxGroups: number; today: string }

/** Fetches the groups of a query, with its totals and the whole its shares are of. */
export async function collectGroups(
  resolved: ResolvedQuery,
  asked: Asked,
  fetching: Fetching,
  options: Options,
): Promise<CollectedGroups> {
  const { entity, dimensions, measures, groupConditions, recordConditions } = resolved
  const order = groupOrder(entity, dimensions, measures, asked.orderBy ?? [])
  const aggregates = neededParts([
    ...measures,
    ...order.flatMap(({ by }) => (typeof by === 'number' ? [] : [by])),
    ...groupConditions.flatMap(measuresOf),
  ])
  const spec: GroupSpec = {
    kind: 'groups',
    entity: entity.entity,
    filter: resolved.filter,
    keys: dimensions.flatMap((dimension) => dimension.keys),
    aggregates,
    having: [],
    orderBy: [],
    maxRows: options.maxGroups,
  }
  const folds = dimensions.some((dimension) => dimension.folds)
  const cut = folds || recordConditions.length > 0 ? undefined : cutByServer(resolved, asked, fetching)
  const having = folds ? [] : groupConditions.flatMap((condition) => serverTest(condition) ?? [])
  const overall = { ...spec, keys: [] }
  const [found, totals, whole] = await Promise.all([
    fetching.groups({ ...spec, ...cut, having }, recordConditions),
    cut ? fetching.groups(overall) : undefined,
    measures.some((measure) => measure.isShare) || groupConditions.some((condition) => condition.measure.isShare)
      ? fetching.groups({ ...overall, filter: resolved.wholeFilter }, recordConditions)
      : undefined,
  ])
  const wholeParts = readParts(whole?.rows[0] ?? {}, aggregates)
  const folded = foldRows(found.rows, dimensions, aggregates)
  // Over no records some ERPs answer one empty total, others no row at all.
  if (dimensions.length === 0 && folded.length === 0) folded.push({ cells: [], parts: emptyParts(aggregates) })
  const passing = folded.filter((group) =>
    groupConditions.every((condition) => passes(condition, group.parts, wholeParts)),
  )
  const groups = isSeries(resolved, asked) ? fillSeries(passing, resolved, aggregates, options) : passing
  return {
    groups: sortGroups(groups, order, wholeParts),
    count: cut ? found.count : groups.length,
    totals: totals ? readParts(totals.rows[0] ?? {}, aggregates) : mergeParts(groups, aggregates),
    whole: wholeParts,
    aggregates,
  }
}

/** Rows and totals as an answer shows them. */
export function presentGroups(
  resolved: ResolvedQuery,
  collected: CollectedGroups,
  limit: number,
): { rows: Row[]; totals: Row } {
  const { dimensions, measures } = resolved
  return {
    rows: collected.groups.slice(0, limit).map((group) => ({
      ...Object.fromEntries(dimensions.map(({ column }, i) => [column.name, group.cells[i] ?? null])),
      ...measureCells(measures, group.parts, collected.whole),
    })),
    totals: measureCells(measures, collected.totals, collected.whole),
  }
}

function measureCells(measures: Measure[], parts: Parts, whole: Parts): Row {
  return Object.fromEntries(
    measures.map((measure) => [measure.column.name, measureCell(measure, measure.value(parts, whole))]),
  )
}

/** Lets the ERP sort and cut where it can. With conditions on groups it may not: the totals need every group that passes. */
function cutByServer(
  resolved: ResolvedQuery,
  { orderBy, limit }: Asked,
  fetching: Fetching,
): Pick<GroupSpec, 'orderBy' | 'limit'> | undefined {
  const { entity, dimensions, measures, groupConditions } = resolved
  if (!limit || dimensions.length === 0 || groupConditions.length > 0) return undefined
  if (fetching.capabilities.aggregate === 'none' || isSeries(resolved, { orderBy, limit })) return undefined
  const keys = serverOrder(groupOrder(entity, dimensions, measures, orderBy ?? []), dimensions)
  return keys && { orderBy: keys, limit }
}

/** One date by its unit, all of it, with something to count: the answers that are read as a line over time. */
function isSeries({ dimensions, measures, groupConditions }: ResolvedQuery, { limit, orderBy = [] }: Asked): boolean {
  if (dimensions.length !== 1 || !dimensions[0]?.grain) return false
  // The lowest of a list is to be one that happened: a ranking has no gaps.
  const isRanking = limit !== undefined && orderBy.length > 0
  return measures.length > 0 && groupConditions.length === 0 && !isRanking
}

function fillSeries(groups: Group[], resolved: ResolvedQuery, aggregates: Aggregate[], { today }: Options): Group[] {
  const [dimension] = resolved.dimensions
  return dimension ? fillGaps(groups, dimension, aggregates, { period: resolved.period, today }) : groups
}

function neededParts(measures: Measure[]): Aggregate[] {
  const byName = new Map(measures.flatMap((measure) => measure.parts).map((part) => [aggregateName(part), part]))
  return [...byName.values()]
}
