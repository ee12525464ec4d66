import { createHmac } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { closeAll, start } from '../../platform/http/server-fixture.ts'
import { describeChangeSource } from './change-source.contract.ts'
import { createDebeziumSource } from './change-source.debezium.ts'
import type { ChangeBatch } from './change-source.ts'
import { registerChangeEvents } from './debezium/routes.ts'
import { cloudEvent, type EventOptions, plainEvent } from './debezium-event-fixture.ts'

const secret = 'a-secret-of-at-least-24-letters'
afterEach(closeAll)

/** A server that applies events to a list. `fail` makes the next one fail. */
async function openReceiver() {
  const batches: ChangeBatch[] = []
  const failures: Error[] = []
  const stop = new AbortController()
  const { server } = await start()
  const readPosition = async () => batches.at(-1)?.position
  const { source, accept } = createDebeziumSource({ readPosition, tables: ['erp.notes'] })
  registerChangeEvents(server, { secret, accept })
  void source.follow(
    undefined,
    async (batch) => {
      const failure = failures.pop()
      if (failure) throw failure
      batches.push(batch)
    },
    stop.signal,
  )
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const reply = await server.inject({
      method: 'POST',
      url: '/api/v1/sync/changes',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}`, ...headers },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: reply.statusCode, ...reply.json() }
  }
  return { batches, failures, post, changes: () => batches.flatMap(({ changes }) => changes), stop: () => stop.abort() }
}

describeChangeSource(
  'Debezium over HTTP',
  async () => {
    const { server } = await start()
    let position: string | undefined
    let open = createDebeziumSource({ readPosition: async () => position, tables: [] })
    registerChangeEvents(server, { secret, accept: (events) => open.accept(events) })
    // A Debezium server: one request after the other, each again until it is taken.
    const outbox: EventOptions[][] = []
    let commit = 100
    let isClosed = false
    const sending = (async () => {
      while (!isClosed) {
        const [next] = outbox
        const payload = next && JSON.stringify(next.map(plainEvent))
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` }
        const reply =
          payload && (await server.inject({ method: 'POST', url: '/api/v1/sync/changes', headers, payload }))
        if (reply && reply.statusCode === 200) outbox.shift()
        else await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })()
    return {
      open: () => {
        open = createDebeziumSource({ readPosition: async () => position, tables: [] })
        const { source } = open
        return {
          ...source,
          follow: (from, apply, signal) =>
            source.follow(
              from,
              async (batch) => {
                await apply(batch)
                position = batch.position
              },
              signal,
            ),
        }
      },
      write: async (values) => {
        commit += 10
        outbox.push(values.map((text) => ({ after: { text }, commit })))
      },
      valuesOf: ({ changes }) => changes.map(({ after }) => String(after?.text)),
      close: async () => {
        isClosed = true
        await sending
      },
    }
  },
  { keepsTransactions: false },
)

test.each([
  ['plain', plainEvent({ op: 'u', before: { id: 1, name: 'a' }, after: { id: 1, name: 'b' } }), {}],
  [
    'with its schema',
    {
      schema: { type: 'struct' },
      payload: plainEvent({ op: 'u', before: { id: 1, name: 'a' }, after: { id: 1, name: 'b' } }),
    },
    {},
  ],
  ...['io.debezium.postgresql.datachangeevent', 'io.debezium.connector.postgresql.DataChangeEvent'].flatMap((type) => {
    const { attributes, data } = cloudEvent(type, {
      op: 'u',
      before: { id: 1, name: 'a' },
      after: { id: 1, name: 'b' },
    })
    const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]))
    const structured = { 'content-type': 'application/cloudevents+json' }
    return [
      [`a CloudEvent, ${type}`, { ...attributes, data }, structured],
      [
        `a list of CloudEvents, ${type}`,
        [{ ...attributes, data }],
        { 'content-type': 'application/cloudevents-batch+json' },
      ],
      [`a CloudEvent of a wrapped value, ${type}`, { ...attributes, data: { schema: {}, payload: data } }, structured],
      [`a CloudEvent in headers, ${type}`, data, headers],
    ] as [string, unknown, Record<string, string>][]
  }),
] as [string, unknown, Record<string, string>][])('reads an event that is %s', async (_, body, headers) => {
  const { post, changes } = await openReceiver()
  expect(await post(body, headers)).toMatchObject({ status: 200, body: { applied: 1 } })
  expect(changes()).toEqual([
    {
      table: 'erp.notes',
      kind: 'update',
      before: { id: 1, name: 'a' },
      after: { id: 1, name: 'b' },
      committedAt: new Date(1_795_872_000_000).toISOString(),
    },
  ])
})

test('takes every operation, in order, and passes over what tells of no row', async () => {
  const { post, changes } = await openReceiver()
  const events = [
    plainEvent({ op: 'r', after: { id: 1 } }),
    plainEvent({ op: 'c', after: { id: 2 } }),
    null,
    { ts_ms: 1 },
    { status: 'BEGIN', id: '565', event_count: null },
    { payload: null },
    plainEvent({ op: 'd', before: { id: 2 } }),
    plainEvent({ op: 'm' }),
    plainEvent({ op: 't' }),
  ]
  expect((await post(events)).body).toEqual({ applied: 4 })
  expect(changes().map(({ kind }) => kind)).toEqual(['insert', 'insert', 'delete', 'truncate'])
})

test('reads decimals and days by the schema, exactly', async () => {
  const { post, changes } = await openReceiver()
  const decimal = { type: 'bytes', name: 'org.apache.kafka.connect.data.Decimal', parameters: { scale: '2' } }
  const after = {
    type: 'struct',
    field: 'after',
    fields: [
      { ...decimal, field: 'amount' },
      { ...decimal, field: 'debt' },
      { ...decimal, field: 'cent' },
      { type: 'int32', name: 'io.debezium.time.Date', field: 'day' },
      { type: 'int64', name: 'io.debezium.time.MicroTimestamp', field: 'at' },
      { type: 'struct', name: 'io.debezium.data.VariableScaleDecimal', field: 'rate' },
    ],
  }
  const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')
  const values = {
    // 12,345,678,901,234,567.89 has more digits than a double.
    amount: base64('112210f47de98115'),
    debt: base64('ff38'),
    cent: base64('01'),
    day: 20_780,
    at: 1_795_872_000_123_456,
    rate: { scale: 3, value: base64('04d2') },
    note: '__debezium_unavailable_value',
  }
  await post({ schema: { type: 'struct', fields: [after] }, payload: plainEvent({ after: values }) })
  expect(changes()[0]?.after).toEqual({
    amount: '12345678901234567.89',
    debt: '-2.00',
    cent: '0.01',
    day: '2026-11-23',
    at: '2026-11-28 13:20:00.123',
    rate: '1.234',
    note: undefined,
  })
})

test.each([
  ['an unknown type', cloudEventOf('com.example.order'), {}, 400, 'CHANGES_EVENT'],
  ['no operation', { before: null, after: { id: 1 } }, {}, 400, 'CHANGES_EVENT'],
  ['an unwrapped row', { id: 1, name: 'a' }, {}, 400, 'CHANGES_EVENT'],
  [
    'no position',
    { ...plainEvent({ after: {} }), source: { name: 'erp', schema: 'erp', table: 'notes' } },
    {},
    400,
    'CHANGES_EVENT',
  ],
  [
    'a number that JSON rounds',
    `{"op":"c","after":{"id":9007199254740993},"source":${JSON.stringify(plainEvent({}).source)}}`,
    {},
    400,
    'CHANGES_VALUE',
  ],
  ['no JSON', '{', {}, 400, 'BAD_JSON'],
  ['another form', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['another key', plainEvent({}), { authorization: 'Bearer wrong' }, 401, 'CHANGES_REFUSED'],
  ['no key', plainEvent({}), { authorization: '' }, 401, 'CHANGES_REFUSED'],
  ['more than 4 MiB', `[${' '.repeat(4 * 1024 * 1024)}]`, {}, 413, 'BODY_TOO_LARGE'],
] as [string, unknown, Record<string, string>, number, string][])(
  'refuses %s with a code',
  async (_, body, headers, status, code) => {
    const { post, batches } = await openReceiver()
    expect(await post(body, headers)).toMatchObject({ status, error: { code } })
    expect(batches).toEqual([])
  },
)

function cloudEventOf(type: string): unknown {
  const { attributes, data } = cloudEvent(type, { after: { id: 1 } })
  return { ...attributes, data }
}

test('nothing of a request is applied when a part of it cannot be read', async () => {
  const { post, batches } = await openReceiver()
  expect((await post([plainEvent({ after: { id: 1 } }), { op: 'x' }])).status).toBe(400)
  expect(batches).toEqual([])
})

test('is answered well only when it is applied, and passes over what comes again from before', async () => {
  const { post, failures, changes } = await openReceiver()
  const [first, second] = [
    [plainEvent({ after: { id: 1 }, commit: 100, lsn: 190 }), plainEvent({ after: { id: 2 }, commit: 100, lsn: 190 })],
    // Of a transaction that began before the first, and committed after it.
    [plainEvent({ after: { id: 3 }, commit: 200, lsn: 110 })],
  ]
  failures.push(new Error('the database is gone'))
  expect((await post(first)).status).toBe(500)
  expect((await post(first)).body).toEqual({ applied: 2 })
  expect((await post(second)).body).toEqual({ applied: 1 })
  expect((await post(first)).body).toEqual({ applied: 0 })
  expect((await post(second)).body).toEqual({ applied: 1 })
  expect(changes().map(({ after }) => after?.id)).toEqual([1, 2, 3, 3])
})

test('distrusts what a server it never heard of has not told', async () => {
  const { post, batches } = await openReceiver()
  await post(plainEvent({ after: { id: 1 } }))
  await post(plainEvent({ after: { id: 2 }, commit: 200 }))
  expect(batches.map(({ gaps, server }) => [server, gaps?.map(({ table, isPast }) => [table, isPast])])).toEqual([
    ['erp', [['erp.notes', true]]],
    ['erp', undefined],
  ])
})

test('asks to send again while nothing applies', async () => {
  const { post, stop } = await openReceiver()
  stop()
  await vi.waitFor(async () =>
    expect(await post(plainEvent({ after: { id: 1 } }))).toMatchObject({
      status: 503,
      error: { code: 'CHANGES_BUSY' },
    }),
  )
})

/** What Debezium Server's `standard-webhooks` authentication adds to a body. */
function sign(body: string, key: string, seconds = Math.floor(Date.now() / 1000)) {
  const id = 'msg_9b3c4f6e-0000-4000-8000-000000000000'
  const mac = createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${seconds}.${body}`).digest('base64')
  return { authorization: '', 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${mac}` }
}

test('takes what is signed with the key as Debezium Server signs, and nothing that was changed or is old', async () => {
  const { post, batches } = await openReceiver()
  const body = JSON.stringify(plainEvent({ after: { id: 1, name: '한빛' } }))
  expect(await post(body, sign(body, secret))).toMatchObject({ status: 200, body: { applied: 1 } })
  const other = body.replace('한빛', '두빛')
  const hour = 3_600
  for (const [sent, headers] of [
    [other, sign(body, secret)],
    [body, sign(body, 'another-key-of-at-least-24-letters')],
    [body, sign(body, secret, Math.floor(Date.now() / 1000) - 4 * hour)],
    [body, { ...sign(body, secret), 'webhook-signature': 'v1,' }],
    [body, { ...sign(body, secret), 'webhook-id': 'another' }],
  ] as const)
    expect(await post(sent, headers)).toMatchObject({ status: 401, error: { code: 'CHANGES_REFUSED' } })
  expect(batches).toHaveLength(1)
})
