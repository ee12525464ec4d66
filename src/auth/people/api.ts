import { z } from 'zod'
import { permissions, roles } from '../actor.ts'

/** The shapes of the administration of people on the wire. Instants are ISO; sentences come in both languages. */
const role = z.enum(roles)
const permissionName = z.enum(permissions)
const instant = z.iso.datetime()
const labels = z.object({ ko: z.string(), en: z.string() })
/** No control characters: the database takes no NUL, and nobody reads the others. */
const line = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^\P{Cc}*$/u)
const reason = line(200)
  .transform((text) => text.normalize('NFC').trim())
  .pipe(z.string().min(2))

/** What may be seen of an entity: all of it, some rows, or none. */
const spokenRuleSchema = labels.extend({ kind: z.enum(['all', 'some', 'none']) })

export const peopleQuerySchema = z.object({
  search: line(100).optional(),
  role: role.optional(),
  state: z.enum(['active', 'disabled']).optional(),
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

const personSummarySchema = z.object({
  userId: z.uuid(),
  name: z.string(),
  department: z.string(),
  roles: z.array(role),
  disabled: z.boolean(),
  signedInAt: instant,
})

/** `next` asks for the people after these. */
export const peopleListSchema = z.object({ people: z.array(personSummarySchema), next: z.string().optional() })

const decisionSchema = z.object({
  role,
  kind: z.enum(['granted', 'withheld']),
  reason: z.string(),
  decidedBy: z.string(),
  decidedAt: instant,
  expiresAt: instant.optional(),
  /** Its time is over: it no longer counts. */
  isOver: z.boolean(),
})

export const personSchema = personSummarySchema.extend({
  email: z.string(),
  /** It is the reader's own account, which they may not change. */
  isSelf: z.boolean(),
  /** Roles that the identity provider's groups give; of these and the decisions come `roles`, which count. */
  providerRoles: z.array(role),
  decisions: z.array(decisionSchema),
  disabling: z.object({ reason: z.string(), by: z.string(), at: instant.optional() }).optional(),
  permissions: z.array(permissionName),
  sees: z.array(z.object({ entity: z.string(), label: labels, rule: spokenRuleSchema, through: z.array(role) })),
})

/** `as-provider` undoes what was decided here. */
export const decideRoleSchema = z.strictObject({
  decision: z.enum(['granted', 'withheld', 'as-provider']),
  reason,
  expiresAt: instant.optional(),
})

export const reasonSchema = z.strictObject({ reason })
export const endedSessionsSchema = z.object({ ended: z.number().int().min(0) })

export const policySchema = z.object({
  roles: z.array(role),
  entities: z.array(
    z.object({ entity: z.string(), label: labels, owner: z.string(), rules: z.record(role, spokenRuleSchema) }),
  ),
  permissions: z.array(z.object({ permission: permissionName, roles: z.array(role) })),
  groups: z.array(z.object({ group: z.string(), roles: z.array(role) })),
})

export type PersonSummaryBody = z.infer<typeof personSummarySchema>
export type PeopleList = z.infer<typeof peopleListSchema>
export type PersonBody = z.infer<typeof personSchema>
export type DecideRole = z.infer<typeof decideRoleSchema>
export type RoleName = z.infer<typeof role>
export type PermissionName = z.infer<typeof permissionName>
export type SpokenRuleBody = z.infer<typeof spokenRuleSchema>
export type Policy = z.infer<typeof policySchema>
