import { basename, dirname } from 'node:path'
import { z } from 'zod'
import type { Catalog, Entity } from '#catalog'
import { type FileFault, formatFault, readYamlFile, type YamlFile } from '#platform/yaml-file'
import { type Permission, permissions, type Role, roles } from './actor.ts'

const rule = z.union(
  [z.enum(['all', 'own', 'department', 'none']), z.strictObject({ own: z.array(z.string()).min(1) })],
  {
    error: 'is not a rule: all, own, { own: [field, …] }, department or none',
  },
)
const claimName = z.string().min(1)

const accessFileSchema = z.strictObject({
  roles: z.record(z.enum(roles), z.record(z.string(), rule)),
  permissions: z.record(z.enum(permissions), z.array(z.enum(roles))),
  owners: z.record(z.string(), z.string().min(1)),
  identity: z.strictObject({
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/))
      .refine((all) => all.includes('openid'), 'must contain openid'),
    claims: z.strictObject({ name: claimName, department: claimName, email: claimName, groups: claimName }),
    groups: z.record(z.string(), z.array(z.enum(roles))),
  }),
})

/** What a role may see of an entity. `{own}` lists the fields of which any may be the reader. */
export type AccessRule = z.infer<typeof rule>
type EntityRules = Record<string, AccessRule>
type AccessFile = z.infer<typeof accessFileSchema>

/** The identity provider's words: scopes to ask for, claim names, and the roles of each of its groups. */
export type IdentityMap = AccessFile['identity']

/** Roles, row rules, permissions, owners and the identity map, checked against the catalog. */
export type AccessRules = {
  roles: Record<Role, EntityRules>
  /** Which roles may manage what of the system itself. */
  permissions: Record<Permission, Role[]>
  owners: Record<string, string>
  identity: IdentityMap
}

/** Reads the access file. Returns every fault found, or the rules when there is none. Throws only when it cannot be read. */
export function checkAccessRules(path: string, catalog: Catalog): { rules?: AccessRules; faults: FileFault[] } {
  const { file, faults } = readYamlFile<AccessFile>(dirname(path), basename(path), accessFileSchema)
  if (!file) return { faults }
  const references = [...ruleFaults(file, catalog), ...ownerFaults(file, catalog)]
  return references.length > 0 ? { faults: references } : { rules: file.value, faults: [] }
}

/** Reads the access file or throws an Error that lists every fault as `file:line: problem`. */
export function loadAccessRules(path: string, catalog: Catalog): AccessRules {
  const { rules, faults } = checkAccessRules(path, catalog)
  if (!rules) throw new Error(`The access rules have ${faults.length} fault(s):\n${faults.map(formatFault).join('\n')}`)
  return rules
}

/** The fields `own` means: those listed, else the entity's "me"; none when it has no such field. */
export function ownFields(entity: Entity, rule: 'own' | { own: string[] }): string[] {
  if (rule !== 'own') return rule.own
  return entity.me ? [entity.me] : []
}

function ruleFaults(file: YamlFile<AccessFile>, catalog: Catalog): FileFault[] {
  return roles.flatMap((role) =>
    Object.entries(file.value.roles[role]).flatMap(([name, rule]) => {
      const at = (problem: string) => ({ file: file.file, line: file.lineOf(['roles', role, name]), problem })
      if (name === '*') return rule === 'all' || rule === 'none' ? [] : [at(`'*' can only be all or none`)]
      const entity = Object.hasOwn(catalog.entities, name) ? catalog.entities[name] : undefined
      return entity ? misfits(entity, rule).map(at) : [at(`entity '${name}' does not exist`)]
    }),
  )
}

function misfits(entity: Entity, rule: AccessRule): string[] {
  if (rule === 'all' || rule === 'none') return []
  if (rule === 'department')
    return entity.myDepartment ? [] : [`${entity.entity} has no 'myDepartment' field in the catalog`]
  const fields = ownFields(entity, rule)
  if (fields.length === 0) return [`${entity.entity} has no 'me' field in the catalog`]
  return fields
    .filter((field) => !Object.hasOwn(entity.dimensions, field))
    .map((field) => `'${field}' is not a dimension of ${entity.entity}`)
}

/** Every refusal names whom to ask, so every entity has an owner. */
function ownerFaults(file: YamlFile<AccessFile>, catalog: Catalog): FileFault[] {
  const at = (path: PropertyKey[], problem: string) => ({ file: file.file, line: file.lineOf(path), problem })
  const missing = Object.keys(catalog.entities).filter((name) => !Object.hasOwn(file.value.owners, name))
  const unknown = Object.keys(file.value.owners).filter((name) => !Object.hasOwn(catalog.entities, name))
  return [
    ...missing.map((name) => at(['owners'], `entity '${name}' has no owner`)),
    ...unknown.map((name) => at(['owners', name], `entity '${name}' does not exist`)),
  ]
}
