import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { envelopeOf, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import type { DebeziumSource } from '../change-source.debezium.ts'
import { changesErrors } from '../errors.ts'
import { readEvents } from './read-event.ts'

const bodyLimit = 4 * 1024 * 1024

/** `secret`: what the sender shows as a bearer token. */
type Deps = { secret: string; accept: DebeziumSource['accept'] }

/**
 * `POST /api/v1/sync/changes`: events of a Debezium server, one or a list, plain or as CloudEvents. Answered with 2xx only when they
 * are applied, so that a sender that goes on after a 2xx alone loses none.
 */
export function registerChangeEvents(server: HttpServer, { secret, accept }: Deps): void {
  server.post(
    '/api/v1/sync/changes',
    {
      // Its own key stands in for a person's; a stream of changes is no burst of a guest.
      config: { access: 'public', isUnlimited: true },
      bodyLimit,
      schema: {
        body: z.unknown(),
        security: [{ bearer: [] }],
        response: { 200: envelopeOf(z.object({ applied: z.number() })) },
      },
      // Before a byte of the body is read.
      onRequest: async ({ headers }) => {
        if (!isSame(headers.authorization ?? '', `Bearer ${secret}`)) throw new AppError(changesErrors.refused)
      },
    },
    async ({ body, headers }) => {
      const { applied } = await accept(readEvents(body, headers))
      return wrapMessage({ applied }, { destination: 'changes' })
    },
  )
}

/** Takes as long for a key that begins right as for one that doesn't. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
