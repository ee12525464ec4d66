import type { Actor } from '#auth'
import { type BusinessQuery, completeQuery, type PermittedQuery, type RowFilter } from '#catalog'
import { movePeriod } from '#nlu'
import { seoulDate } from '#platform/seoul-date'
import type { PauseReason, Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'

/** A query of a subscription as its owner may ask it on a day; `today` is ISO, Asia/Seoul. */
export type OwnersQuery = {
  owner: Actor
  query: BusinessQuery
  permitted: PermittedQuery
  rows: RowFilter
  today: string
}

type Deps = Pick<SubscriptionDeps, 'catalog' | 'permitRead' | 'findOwner'>

/** The query as it is on a day: its period moved along, with what the catalog takes for granted. */
export function presentQuery(query: BusinessQuery, catalog: Deps['catalog'], today: string): BusinessQuery {
  const moved = query.period ? { ...query, period: movePeriod(query.period, today) } : query
  return completeQuery(moved, catalog, today)
}

/** Permits `ask` with the rights that the owner has now, or says why the subscription cannot go on. */
export async function readAsOwner(
  { catalog, permitRead, findOwner }: Deps,
  subscription: Subscription,
  { ask, at }: { ask: BusinessQuery; at: Date },
): Promise<OwnersQuery | { stop: PauseReason; owner?: Actor }> {
  const found = await findOwner(subscription.owner)
  if (!found || found.disabled) return { stop: 'owner-disabled' }
  const owner = found.actor
  if (!catalog.entities[ask.entity]) return { stop: 'gone', owner }
  const today = seoulDate(at)
  const query = presentQuery(ask, catalog, today)
  const decision = permitRead(owner, query, today)
  if (decision.kind === 'refused') return { stop: 'not-allowed', owner }
  return { owner, query, permitted: decision.query, rows: decision.query.rows, today }
}
