import { z } from 'zod'
import { defineQueue, defineTopic } from '#platform/queue'

/** One message to send, by its id; everything else of it is sealed in the store. */
export const emailTopic = defineTopic('notify.email', z.object({ email: z.uuid() }))

/** Tried for about two hours: greylisting lasts minutes, a mail server's restart less. */
export const emailQueue = defineQueue(emailTopic, {
  retry: { limit: 12, firstSeconds: 5, longestSeconds: 1_200 },
  // Waiting for its turn counts too: a thousand messages take more than a minute.
  timeoutSeconds: 300,
})
