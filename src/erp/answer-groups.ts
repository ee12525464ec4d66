import type { BusinessQuery } from '#catalog'
import { byMember, distinctCounting } from './count-members.ts'
import { type Aggregate, aggregateName, type GroupSpec } from './erp-connector.ts'
import type { Fetching, Rows } from './fetching.ts'
import { fillGaps } from './fill-gaps.ts'
import { emptyParts, foldRows, type Group, mergeParts } from './group.ts'
import { type GroupCondition, measuresOf, passes, serverTest } from './group-condition.ts'
import { type Measure, measureCell, type Parts } from './measure.ts'
import type { Row } from './query-answer.ts'
import type { ResolvedQuery } from './resolve-query.ts'
import { groupOrder, hasGaps, serverOrder, sortGroups } from './sort-rows.ts'

/** All groups that a query covers, in order; only the first when the ERP could cut them itself. */
export type CollectedGroups = { groups: Group[]; count: number; totals: Parts; whole: Parts; aggregates: Aggregate[] }

type Asked = Pick<BusinessQuery, 'orderBy' | 'limit'>
/** `mergesLater`: the caller will merge some of the groups, so their distinct counts must keep their values. */
type Options = { maxGroups: number; today: string; mergesLater?: boolean }

/** Fetches the groups of a query, with its totals and the whole its shares are of. */
export async function collectGroups(
  resolved: ResolvedQuery,
  asked: Asked,
  fetching: Fetching,
  options: Options,
): Promise<CollectedGroups> {
  const { dimensions, groupConditions, recordConditions } = resolved
  const { order, aggregates, specs } = planGroups(resolved, asked, fetching, options)
  const [found, totals, whole] = await Promise.all([
    fetchFirst(specs.groups, fetching, recordConditions),
    specs.totals && fetching.groups(specs.totals),
    specs.whole && fetching.groups(specs.whole, recordConditions),
  ])
  const wholeParts = partsOfAll(whole?.rows ?? [], aggregates)
  const folded = foldRows(found.rows, dimensions, aggregates)
  // Over no records some ERPs answer one empty total, others no row at all.
  if (dimensions.length === 0 && folded.length === 0) folded.push({ cells: [], parts: emptyParts(aggregates) })
  const passing = folded.filter((group) =>
    groupConditions.every((condition) => passes(condition, group.parts, wholeParts)),
  )
  const groups = isSeries(resolved, asked) ? fillSeries(passing, resolved, aggregates, options) : passing
  return {
    groups: sortGroups(groups, order, wholeParts),
    count: found.isCut ? found.count : groups.length,
    totals: totals ? partsOfAll(totals.rows, aggregates) : mergeParts(groups, aggregates),
    whole: wholeParts,
    aggregates,
  }
}

/** What to ask the ERP for. Totals only where they cannot be had by merging the groups. */
function planGroups(resolved: ResolvedQuery, asked: Asked, fetching: Fetching, options: Options) {
  const { entity, dimensions, measures, groupConditions, recordConditions } = resolved
  const order = groupOrder(entity, dimensions, measures, asked.orderBy ?? [])
  const used = [
    ...measures,
    ...order.flatMap(({ by }) => (typeof by === 'number' ? [] : [by])),
    ...groupConditions.flatMap(measuresOf),
  ]
  const aggregates = neededParts(used)
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
  const merges = folds || groupConditions.length > 0 || options.mergesLater === true
  const counting = distinctCounting(aggregates, fetching.capabilities, { merges })
  const isFiner = folds || counting === 'here'
  const cut = isFiner || recordConditions.length > 0 ? undefined : cutByServer(resolved, asked, fetching)
  const having = isFiner ? [] : groupConditions.flatMap((condition) => serverTest(condition) ?? [])
  const needsTotals = cut !== undefined || (counting === 'erp' && dimensions.length > 0)
  const needsWhole = used.some((measure) => measure.isShare)
  const whole = { ...spec, keys: [], filter: resolved.wholeFilter }
  const wholeCounting = distinctCounting(aggregates, fetching.capabilities, { merges: false })
  return {
    order,
    aggregates,
    specs: {
      groups: counting === 'here' ? byMember(spec) : { ...spec, ...cut, having },
      totals: needsTotals ? { ...spec, keys: [] } : undefined,
      whole: needsWhole ? (wholeCounting === 'here' ? byMember(whole) : whole) : undefined,
    },
  }
}

/**
 * The groups of a spec, the first only where the ERP may cut them. Where nothing comes in the order is the ERP's own affair, and
 * in ours it comes last: when some of it is among the first, all groups are fetched and cut here.
 */
async function fetchFirst(
  spec: GroupSpec,
  fetching: Fetching,
  tests: GroupCondition[],
): Promise<Rows & { isCut: boolean }> {
  const found = await fetching.groups(spec, tests)
  if (spec.limit === undefined) return { ...found, isCut: false }
  if (found.count <= found.rows.length || !hasGaps(found.rows, spec.orderBy)) return { ...found, isCut: true }
  const { limit: _, ...whole } = { ...spec, orderBy: [] }
  return { ...(await fetching.groups(whole, tests)), isCut: false }
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

/** The aggregates over everything, of one row or of one row for every value counted. */
function partsOfAll(rows: Row[], aggregates: Aggregate[]): Parts {
  return mergeParts(foldRows(rows, [], aggregates), aggregates)
}

function neededParts(measures: Measure[]): Aggregate[] {
  const byName = new Map(measures.flatMap((measure) => measure.parts).map((part) => [aggregateName(part), part]))
  return [...byName.values()]
}
