import { expect, test } from 'vitest'
import { z } from 'zod'
import { envelopeOf, errorBody, errorBodySchema, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import { newTrace, runInTrace } from '#platform/trace'

const limited = {
  code: 'LIMITED',
  kind: 'limited',
  ko: '{seconds}초 뒤에 다시요.',
  en: 'Again in {seconds} s.',
} as const

test('an envelope fits its schema, has an id of its own and the running trace', () => {
  const trace = newTrace()
  const messages = runInTrace(trace, () => [1, 2].map((n) => wrapMessage({ n }, { destination: 'client' })))
  const schema = envelopeOf(z.strictObject({ n: z.number() }))
  expect(schema.parse(messages[0])).toEqual(messages[0])
  expect(messages[0]).toMatchObject({
    header: { source: 'erp-chatbot', destination: 'client' },
    body: { n: 1 },
    metadata: { version: '1.0', trace: { traceId: trace.traceId, spanId: trace.spanId } },
  })
  expect(messages[0]?.header.messageId).not.toBe(messages[1]?.header.messageId)
})

test('an error shows its sentence in the reader’s language', () => {
  const error = new AppError(limited, { params: { seconds: 3 }, details: [{ field: 'text', issue: 'x' }] })
  expect(errorBody(error, 'ko').error).toMatchObject({ code: 'LIMITED', message: '3초 뒤에 다시요.' })
  const body = errorBody(error, 'en')
  expect(body.error).toMatchObject({ message: 'Again in 3 s.', details: [{ field: 'text', issue: 'x' }] })
  expect(errorBodySchema.parse(body)).toEqual(body)
})

test('what nobody expected shows nothing of itself', () => {
  const trace = newTrace()
  const { error } = runInTrace(trace, () => errorBody(new Error('password=x'), 'en'))
  expect(error).toMatchObject({ code: 'INTERNAL', details: [], traceId: trace.traceId })
  expect(JSON.stringify(error)).not.toContain('password')
})
