import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AppError } from './errors.ts'
import { platformErrors } from './platform-errors.ts'
import { currentTrace } from './trace.ts'

const source = 'erp-chatbot'
const version = '1.0'

/** Every message that leaves a process; the interface definition's common message format. */
export type Envelope<T> = {
  header: { messageId: string; timestamp: string; source: string; destination: string }
  body: T
  metadata: { version: string; trace: { traceId: string; spanId: string } }
}

/** Puts `body` in an envelope with a new id, the time and the running trace. `destination` names the receiver. */
export function wrapMessage<T>(body: T, to: { destination: string }): Envelope<T> {
  const { traceId, spanId } = currentTrace()
  return {
    header: { messageId: randomUUID(), timestamp: new Date().toISOString(), source, destination: to.destination },
    body,
    metadata: { version, trace: { traceId, spanId } },
  }
}

/** The schema of an envelope around `body`. */
export function envelopeOf<T extends z.ZodType>(body: T) {
  return z.object({
    header: z.object({
      messageId: z.uuid(),
      timestamp: z.iso.datetime(),
      source: z.string(),
      destination: z.string(),
    }),
    body,
    metadata: z.object({ version: z.string(), trace: z.object({ traceId: z.string(), spanId: z.string() }) }),
  })
}

/** The error format of every interface. `code` is stable, `message` is for a person. */
export const errorBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.array(z.object({ field: z.string().optional(), issue: z.string() })),
    timestamp: z.iso.datetime(),
    traceId: z.string(),
  }),
})

export type ErrorBody = z.infer<typeof errorBodySchema>

/** `error` in the error format. Whatever is not an AppError is a fault of ours and shows as INTERNAL with its trace id only. */
export function errorBody(error: unknown, language: 'ko' | 'en'): ErrorBody {
  const known = error instanceof AppError ? error : new AppError(platformErrors.internal)
  return {
    error: {
      code: known.spec.code,
      message: known.sentence(language),
      details: known.details,
      timestamp: new Date().toISOString(),
      traceId: currentTrace().traceId,
    },
  }
}
