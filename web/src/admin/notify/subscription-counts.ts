import type { SubscriptionCountsBody } from '../../../../src/subscriptions/api.ts'

type Count = SubscriptionCountsBody['counts'][number]

/** One kind in one line: how many are on, how many are paused, and how many went wrong the last time. */
export type KindCount = { kind: Count['kind']; active: number; paused: number; lastFailed: number }

/** Counts by kind and state as a line for each kind that there is. */
export function countByKind(counts: readonly Count[]): KindCount[] {
  const kinds = [...new Set(counts.map(({ kind }) => kind))].toSorted().toReversed()
  return kinds.map((kind) => {
    const own = counts.filter((one) => one.kind === kind)
    const sum = (list: Count[], of: 'count' | 'failed') => list.reduce((total, one) => total + one[of], 0)
    const inState = (state: Count['state']) =>
      sum(
        own.filter((one) => one.state === state),
        'count',
      )
    return { kind, active: inState('active'), paused: inState('paused'), lastFailed: sum(own, 'failed') }
  })
}
