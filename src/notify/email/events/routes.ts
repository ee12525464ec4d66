import { z } from 'zod'
import { envelopeOf, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import { type SnsMessage, snsMessageSchema } from './sns-message.ts'

const bodyLimit = 512 * 1024

/** `POST /api/v1/notify/email-events`: where a topic of Amazon SNS sends what became of our mail. Its signature stands in for a sign-in. */
export function registerEmailEvents(server: HttpServer, receive: (message: SnsMessage) => Promise<void>): void {
  void server.register(async (scope) => {
    // Amazon SNS sends JSON as text/plain.
    scope.addContentTypeParser('text/plain', { parseAs: 'string' }, scope.getDefaultJsonParser('error', 'error'))
    scope.post(
      '/api/v1/notify/email-events',
      {
        config: { access: 'public', isUnlimited: true },
        bodyLimit,
        schema: { body: snsMessageSchema, response: { 200: envelopeOf(z.object({ received: z.boolean() })) } },
      },
      async ({ body }) => {
        await receive(body as SnsMessage)
        return wrapMessage({ received: true }, { destination: 'sns' })
      },
    )
  })
}
