import { type Aggregate, type ErpCapabilities, type GroupSpec, keyName } from './erp-connector.ts'

/** Who counts the distinct values of an answer's groups. `none`: there are none to count. */
export type DistinctCounting = 'none' | 'erp' | 'here'

/**
 * An order may be in several groups, so distinct counts of groups cannot be added up. Where groups are to be merged (weeks
 * out of days, the total of those that pass a condition), or the ERP counts no distinct values, they are counted here.
 */
export function distinctCounting(
  aggregates: Aggregate[],
  { aggregate, countDistinct }: ErpCapabilities,
  { merges }: { merges: boolean },
): DistinctCounting {
  if (!aggregates.some(({ fn }) => fn === 'distinct')) return 'none'
  return merges || aggregate === 'none' || !countDistinct ? 'here' : 'erp'
}

/** The spec one level finer, with a row for every value counted: its rows can be folded into any groups and counted then. */
export function byMember(spec: GroupSpec): GroupSpec {
  const counted = spec.aggregates.flatMap((part) => (part.fn === 'distinct' ? [{ field: part.field }] : []))
  const keys = new Map([...spec.keys, ...counted].map((key) => [keyName(key), key]))
  return { ...spec, keys: [...keys.values()], aggregates: spec.aggregates.filter(({ fn }) => fn !== 'distinct') }
}
