import { z } from 'zod'
import { readNetwork } from '#platform/networks'
import { roles } from '../actor.ts'

/** The shapes of network rules on the wire. */
const mostNetworks = 200

/** A network as `203.0.113.0/24`, `2001:db8::/32` or a single address; becomes its one spelling. */
export const networkSchema = z
  .string()
  .max(64)
  .refine((text) => readNetwork(text) !== undefined)
  .overwrite((text) => readNetwork(text) ?? text)

/** What a rule is about: the administration, which is every route that needs a permission, or a role. */
export const networkSubjects = ['administration', ...roles] as const
export const networkSubjectSchema = z.enum(networkSubjects)

const networkRuleSchema = z.object({
  subject: networkSubjectSchema,
  /** Empty: from everywhere. */
  networks: z.array(z.string()),
  changedAt: z.iso.datetime().optional(),
  changedBy: z.uuid().optional(),
})

/** `yourAddress` is where the server sees the caller: what a rule must have for them to stay in. */
export const networkRulesSchema = z.object({ rules: z.array(networkRuleSchema), yourAddress: z.string() })

/** `confirm`: also when whoever asks could not undo it from where they are. */
export const setNetworksSchema = z.strictObject({
  networks: z.array(networkSchema).max(mostNetworks),
  confirm: z.boolean().default(false),
})

export type NetworkSubject = z.infer<typeof networkSubjectSchema>
export type NetworkRulesBody = z.infer<typeof networkRulesSchema>
