import {
  type BusinessQuery,
  type Catalog,
  type Condition,
  type Entity,
  type PermittedQuery,
  permitQuery,
} from '#catalog'
import { AppError, type ErrorDetail } from '#platform/errors'
import type { AccessRules } from './access-rules.ts'
import type { Actor } from './actor.ts'
import { authErrors } from './errors.ts'
import { findQueryFaults } from './query-faults.ts'
import { rowsFor, safeValue } from './row-rules.ts'

/**
 * `not-allowed`: no role of the reader shows the entity. `me-unknown`, `department-unknown`: the query says "mine" where
 * nothing is anyone's, or we don't know the reader's name or department as the ERP spells it.
 */
export type RefusalReason = 'not-allowed' | 'me-unknown' | 'department-unknown'

/** `ask` is the department that can say more about the entity, or grant access to it. */
export type ReadDecision =
  | { kind: 'permitted'; query: PermittedQuery }
  | { kind: 'refused'; entity: string; ask: string; reason: RefusalReason }

/**
 * Narrows a query to the rows its reader may see and resolves `@me`, `@myDepartment` and `@today` (ISO date, Asia/Seoul).
 * Throws AppError QUERY_INVALID when the query names an entity or field that the catalog does not have.
 */
export type PermitRead = (actor: Actor, query: BusinessQuery, today: string) => ReadDecision

export function createPermitRead(rules: AccessRules, catalog: Catalog): PermitRead {
  return (actor, query, today) => {
    const entity = Object.hasOwn(catalog.entities, query.entity) ? catalog.entities[query.entity] : undefined
    if (!entity) throw invalidQuery([{ field: 'entity', issue: 'is not an entity of the catalog' }])
    const faults = findQueryFaults(query, entity)
    if (faults.length > 0) throw invalidQuery(faults)

    const refused = (reason: RefusalReason): ReadDecision => {
      return { kind: 'refused', entity: entity.entity, ask: rules.owners[entity.entity] ?? '', reason }
    }
    const rows = rowsFor(rules, actor, entity)
    if (!rows) return refused('not-allowed')
    const resolved = resolveWords(query, { actor, entity, today })
    if (typeof resolved === 'string') return refused(resolved)
    return { kind: 'permitted', query: permitQuery(resolved, rows, actor.userId) }
  }
}

type Reading = { actor: Actor; entity: Entity; today: string }
type Value = Condition[2]

/** The query with its `@` words replaced, or why one of them means nothing. */
function resolveWords(query: BusinessQuery, reading: Reading): BusinessQuery | RefusalReason {
  if (!query.where) return structuredClone(query)
  const words = new Map<string, string | undefined>([
    ['@today', reading.today],
    ['@me', reading.entity.me ? safeValue(reading.actor.name, reading.entity) : undefined],
    ['@myDepartment', reading.entity.myDepartment ? safeValue(reading.actor.department, reading.entity) : undefined],
  ])
  const used = query.where.flatMap(([, , value]) => value).map(String)
  if (used.includes('@me') && words.get('@me') === undefined) return 'me-unknown'
  if (used.includes('@myDepartment') && words.get('@myDepartment') === undefined) return 'department-unknown'

  const resolveOne = <T extends string | number | boolean>(value: T) => words.get(String(value)) ?? value
  const resolve = (value: Value): Value => (Array.isArray(value) ? value.map(resolveOne) : resolveOne(value))
  const where = query.where.map(([field, operator, value]): Condition => [field, operator, resolve(value)])
  return { ...structuredClone(query), where }
}

function invalidQuery(details: ErrorDetail[]): AppError {
  return new AppError(authErrors.queryInvalid, { details })
}
