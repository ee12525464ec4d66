import { z } from 'zod'
import { defineQueue, defineTopic, type Queue } from '#platform/queue'

/** A message whose time has come, by its id; everything else of it is sealed in the store. */
export const pushTopic = defineTopic('notify.push', z.object({ push: z.uuid() }))
/** Some of a message's devices. */
export const batchTopic = defineTopic('notify.push-batch', z.object({ push: z.uuid(), batch: z.number().int().min(0) }))

export const pushQueue = defineQueue(pushTopic)
/** Tried for about two hours: as long as a provider is usually away. */
export const batchQueue = defineQueue(batchTopic, {
  retry: { limit: 12, firstSeconds: 5, longestSeconds: 1_200 },
  timeoutSeconds: 300,
})

export const pushQueues = [pushQueue, batchQueue] as Queue[]
