import { z } from 'zod'

/** The shapes of the status on the wire. Instants are ISO; sentences come in both languages. */
const sentences = z.object({ ko: z.string(), en: z.string() })

/** `partly`: some of its servers answer. `unknown`: not looked at yet. `absent`: none is configured. */
const stateSchema = z.enum(['up', 'partly', 'down', 'unknown', 'absent'])

const partSchema = z.object({
  name: z.string(),
  state: stateSchema,
  /** Of an ERP server, while it is not asked: `open`, or `half-open`. */
  breaker: z.enum(['open', 'half-open']).optional(),
})

const dependencySchema = z.object({
  name: z.string(),
  label: sentences,
  /** What people notice while it is down; of one that is absent, what stands in for it. */
  effect: sentences,
  state: stateSchema,
  /** When it came to be so; absent before the first look. */
  since: z.iso.datetime().optional(),
  lookedAt: z.iso.datetime().optional(),
  /** How long the last look took. */
  tookMs: z.number().optional(),
  /** Why it is down, as a code: `NO_ANSWER`, `ECONNREFUSED`. */
  reason: z.string().optional(),
  parts: z.array(partSchema),
})

export const statusSchema = z.object({
  /** Of all together: `down` when one is down without which no question is answered. */
  state: z.enum(['up', 'partly', 'down']),
  dependencies: z.array(dependencySchema),
})

export type DependencyState = z.infer<typeof stateSchema>
export type DependencyPart = z.infer<typeof partSchema>
export type DependencyBody = z.infer<typeof dependencySchema>
export type StatusBody = z.infer<typeof statusSchema>
