import { type BusinessQuery, type Entity, permitQuery } from '#catalog'
import type { Row } from '#erp'
import type { AccessRule, AccessRules } from '../../auth/access-rules.ts'
import type { Actor } from '../../auth/actor.ts'
import { type Outcome, outcomeOf } from '../../erp/answer-outcome-fixture.ts'
import { createErp } from '../../erp/create-erp.ts'
import { createMemoryConnector } from '../../erp/memory-connector-fixture.ts'
import type { DemoSources } from './demo-sources-fixture.ts'

/** The rules by hand: what any role of the actor lets through. */
export function isVisible(rules: AccessRules, actor: Actor, entity: Entity): ((row: Row) => boolean) | undefined {
  const all = actor.roles.map(
    (role): AccessRule => rules.roles[role][entity.entity] ?? rules.roles[role]['*'] ?? 'none',
  )
  const given = all.filter((rule) => rule !== 'none')
  if (given.length === 0) return undefined
  return (row) =>
    given.some((rule) => {
      if (rule === 'all') return true
      if (rule === 'department') return row[entity.myDepartment ?? ''] === actor.department
      const fields = typeof rule === 'object' ? rule.own : [entity.me ?? '']
      return fields.some((field) => row[field] === actor.name)
    })
}

export function answerByHand(
  { catalog, log, now, tables }: DemoSources,
  query: BusinessQuery,
  actor: Actor,
  isSeen: (row: Row) => boolean,
): Promise<Outcome> {
  const words = { '@me': actor.name, '@myDepartment': actor.department }
  const where = query.where?.map(
    ([field, operator, value]) => [field, operator, words[String(value) as keyof typeof words] ?? value] as never,
  )
  const seen = { [query.entity]: (tables.get(query.entity) ?? []).filter(isSeen) }
  const erp = createErp({ connector: createMemoryConnector({ tables: seen }), catalog, log, now })
  return outcomeOf(erp, permitQuery({ ...query, ...(where ? { where } : {}) }, 'all', 'by hand'))
}
