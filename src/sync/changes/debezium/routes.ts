import { Readable } from 'node:stream'
import { z } from 'zod'
import { envelopeOf, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import { platformErrors } from '#platform/platform-errors'
import type { DebeziumSource } from '../change-source.debezium.ts'
import { changesErrors } from '../errors.ts'
import { isSigned, isSignedWith, showsKey } from './check-sender.ts'
import { readEvents } from './read-event.ts'

const bodyLimit = 4 * 1024 * 1024

/** `secret`: what the sender shows as a bearer token, or signs with. */
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
        if (!showsKey(headers, secret) && !isSigned(headers)) throw new AppError(changesErrors.refused)
      },
      preParsing: async ({ headers }, _reply, payload) => {
        if (showsKey(headers, secret)) return payload
        const text = await readText(payload as Readable)
        if (!isSignedWith(headers, text, secret)) throw new AppError(changesErrors.refused)
        return Readable.from([text])
      },
    },
    async ({ body, headers }) => {
      const { applied } = await accept(readEvents(body, headers))
      return wrapMessage({ applied }, { destination: 'changes' })
    },
  )
}

/** The whole of a body, as far as it is no larger than any that is taken. */
async function readText(payload: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of payload) {
    chunks.push(Buffer.from(chunk))
    size += chunks.at(-1)?.length ?? 0
    if (size > bodyLimit)
      throw new AppError(platformErrors.bodyTooLarge, { params: { limit: `${bodyLimit / 1024} KiB` } })
  }
  return Buffer.concat(chunks).toString()
}
