import type { Catalog, Labels } from '#catalog'
import type { AccessRule, AccessRules } from '../access-rules.ts'
import { type Permission, permissions, type Role, roles } from '../actor.ts'
import { rowsFor, ruleOf } from '../row-rules.ts'
import { type SpokenRule, sayRule, sayRules } from './rule-words.ts'

/** Who may see and manage what: `access/roles.yaml` in words. */
export type PolicyTable = {
  entities: { entity: string; label: Labels; owner: string; rules: Record<Role, SpokenRule> }[]
  permissions: { permission: Permission; roles: Role[] }[]
  /** Which roles the identity provider's groups give. */
  groups: { group: string; roles: Role[] }[]
}

/** The whole table, made from the rules that are enforced. */
export function describePolicy(rules: AccessRules, catalog: Catalog): PolicyTable {
  return {
    entities: Object.values(catalog.entities).map((entity) => ({
      entity: entity.entity,
      label: entity.label,
      owner: rules.owners[entity.entity] ?? '',
      rules: Object.fromEntries(
        roles.map((role) => [role, sayRule(ruleOf(rules, role, entity.entity), entity)]),
      ) as Record<Role, SpokenRule>,
    })),
    permissions: permissions.map((permission) => ({ permission, roles: rules.permissions[permission] })),
    groups: Object.entries(rules.identity.groups).map(([group, given]) => ({ group, roles: given })),
  }
}

/** What the reader's roles let them manage of the system. */
export function permissionsOf(rules: Pick<AccessRules, 'permissions'>, held: readonly Role[]): Permission[] {
  return permissions.filter((permission) => rules.permissions[permission].some((role) => held.includes(role)))
}

type Reader = { userId: string; name: string; department: string; email: string; roles: Role[] }

/** What one person sees of an entity, and which of their roles it comes from. */
export type Sight = { entity: string; label: Labels; rule: SpokenRule; through: Role[] }

/**
 * What a person sees of each entity. A rule that cannot be applied to them, because their department is unknown say,
 * shows them nothing, here as when they ask.
 */
export function describeSight({ rules, catalog }: { rules: AccessRules; catalog: Catalog }, reader: Reader): Sight[] {
  return Object.values(catalog.entities).map((entity) => {
    const giving = reader.roles.flatMap((role) => {
      const rule = ruleOf(rules, role, entity.entity)
      const rows = rowsFor(rules, { ...reader, roles: [role], language: 'ko' }, entity)
      return rows ? [{ role, rule, said: sayRule(rule, entity) }] : []
    })
    const rule = sayRules(giving.map(({ said }) => said))
    return { entity: entity.entity, label: entity.label, rule, through: throughOf(giving, rule) }
  })
}

function throughOf(giving: { role: Role; rule: AccessRule }[], { kind }: SpokenRule): Role[] {
  const counting = kind === 'all' ? giving.filter(({ rule }) => rule === 'all') : giving
  return counting.map(({ role }) => role)
}
