import type { PermittedQuery } from '#catalog'
import { seoulDate } from '#platform/seoul-date'
import { collectGroups, presentGroups } from './answer-groups.ts'
import type { AnswerDeps } from './answer-query.ts'
import { openFetching } from './fetching.ts'
import { findHeldEntity } from './held-entity.ts'
import type { Row } from './query-answer.ts'
import { resolveQuery } from './resolve-query.ts'

/** Binds the use case: every group of a query, in order, whatever its limit. */
export function listGroups({ connector, catalog, log, now, budget }: AnswerDeps) {
  return async (permitted: PermittedQuery, signal: AbortSignal): Promise<Row[]> => {
    const { query, rows } = permitted
    const fetching = openFetching({ connector, log, now, maxRecords: budget.maxRecords }, signal)
    const entity = findHeldEntity(catalog, permitted)
    const resolved = resolveQuery(query, rows, { entity, dateParts: fetching.capabilities.dateParts })
    const { limit: _, ...unlimited } = query
    const collected = await collectGroups(resolved, unlimited, fetching, {
      maxGroups: budget.maxGroups,
      today: seoulDate(now()),
    })
    return presentGroups(resolved, collected, collected.groups.length).rows
  }
}
