import { expect, test } from 'vitest'
import { createLogger } from '#platform/log'
import { newTrace, runInTrace } from '#platform/trace'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzb21pIn0.c2lnbmF0dXJl'

function capture(level = 'info') {
  const lines: string[] = []
  const log = createLogger({ level, role: 'http,nlu', destination: { write: (line) => void lines.push(line) } })
  return { log, last: () => JSON.parse(lines.at(-1) ?? 'null'), text: () => lines.join('') }
}

test('lines are ECS, with the running trace', () => {
  const { log, last } = capture()
  const trace = newTrace()
  runInTrace(trace, () => log.child({ 'event.module': 'erp' }).warn({ err: new Error('late') }, 'The ERP was slow'))
  expect(last()).toMatchObject({
    'log.level': 'warn',
    message: 'The ERP was slow',
    'service.name': 'erp-chatbot',
    'service.node.roles': ['http', 'nlu'],
    'event.module': 'erp',
    'trace.id': trace.traceId,
    'span.id': trace.spanId,
    error: { type: 'Error', message: 'late' },
  })
})

test('secrets do not pass: by key, by look, in errors, in messages', () => {
  const { log, text } = capture()
  log.error(
    {
      err: new Error(`bad token ${jwt}`),
      request: { headers: { Authorization: 'hush-2', 'set-cookie': ['hush-3'] }, list: [{ refresh_token: 'hush-4' }] },
      clientSecret: 'hush-1',
      note: 'Bearer abcdefghijkl',
      url: 'postgres://app:hush-5@localhost/db',
      bytes: Buffer.from('hush-6'),
    },
    `Got ${jwt}`,
  )
  expect(text()).not.toMatch(/hush|eyJ|abcdefghijkl|aHVzaC02/)
  expect(text()).toContain('postgres://app:[redacted]@localhost/db')
})

test('ordinary fields pass as they are', () => {
  const { log, last } = capture()
  log.info({ tokens: 12, erp: { entity: 'sales', tokenCount: 3 }, at: new Date(0) }, 'Fine')
  expect(last()).toMatchObject({ tokens: 12, erp: { entity: 'sales', tokenCount: 3 }, at: '1970-01-01T00:00:00.000Z' })
})
