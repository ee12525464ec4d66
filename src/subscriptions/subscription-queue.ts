import { z } from 'zod'
import { defineQueue, defineTopic } from '#platform/queue'

/** A subscription whose time has come: `dueAt` names the time, `at` is when it was taken, of which relative periods are counted. */
export const dueTopic = defineTopic(
  'subscriptions.due',
  z.object({ subscription: z.uuid(), dueAt: z.iso.datetime(), at: z.iso.datetime() }),
)

/** Tried for about twenty minutes: an ERP that restarts is back by then, and a report of the morning is still one. */
export const dueQueue = defineQueue(dueTopic, {
  retry: { limit: 6, firstSeconds: 10, longestSeconds: 600 },
  timeoutSeconds: 120,
})
