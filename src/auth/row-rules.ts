import type { Condition, Entity, RowFilter } from '#catalog'
import { type AccessRule, type AccessRules, ownFields } from './access-rules.ts'
import type { Actor } from './actor.ts'

/** The rows of `entity` that any role of the actor allows; undefined when none does. */
export function rowsFor(rules: AccessRules, actor: Actor, entity: Entity): RowFilter | undefined {
  const alternatives = new Map<string, Condition[]>()
  for (const rule of actor.roles.map((role) => ruleOf(rules, role, entity.entity))) {
    if (rule === 'all') return 'all'
    for (const condition of conditionsOf(rule, actor, entity)) alternatives.set(condition.join('\0'), [condition])
  }
  return alternatives.size > 0 ? [...alternatives.values()] : undefined
}

/**
 * The value as a comparison may use it, or undefined when it would not mean itself: blank, or spelt like a field or an
 * `@` word. A person called `employee` would otherwise compare a field with itself and see everybody's rows.
 */
export function safeValue(text: string, entity: Entity): string | undefined {
  const isField = Object.hasOwn(entity.dimensions, text) || Object.hasOwn(entity.measures, text)
  return text.trim() === '' || text !== text.trim() || text.startsWith('@') || isField ? undefined : text
}

/** What a role may see of an entity: its line of its own, else that of `*`, else nothing. */
export function ruleOf(rules: AccessRules, role: Actor['roles'][number], entity: string): AccessRule {
  const ofRole = Object.hasOwn(rules.roles, role) ? rules.roles[role] : {}
  const named = Object.hasOwn(ofRole, entity) ? ofRole[entity] : ofRole['*']
  return named ?? 'none'
}

/** Each condition is an alternative of its own. */
function conditionsOf(rule: AccessRule, actor: Actor, entity: Entity): Condition[] {
  if (rule === 'all' || rule === 'none') return []
  const value = safeValue(rule === 'department' ? actor.department : actor.name, entity)
  if (value === undefined) return []
  const fields =
    rule === 'department' ? [entity.myDepartment].filter((field) => field !== undefined) : ownFields(entity, rule)
  return fields.map((field): Condition => [field, 'eq', value])
}
