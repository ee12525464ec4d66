import { describe, expect, test, vi } from 'vitest'
import { AppError } from '#platform/errors'
import { createAccessTokens } from './access-token.ts'
import { standardLimits } from './call-limits.ts'
import type { HttpCall, HttpReply } from './call-server.ts'
import { ServerLost } from './retry-call.ts'
import type { Server } from './server-group.ts'
import { listServers } from './server-urls.ts'

const signal = new AbortController().signal
const [primary, standby] = listServers(['http://127.0.0.1:1/', 'http://127.0.0.1:2/'], '/', standardLimits) as [
  Server,
  Server,
]

type Answer = (calls: number, server: Server) => HttpReply | Error

function open(answer: Answer = (calls) => token(`token${calls}`), refreshToken?: string) {
  const state = { time: 0, calls: [] as HttpCall[], awaited: [] as boolean[] }
  const tokens = createAccessTokens({
    send: async ({ server, call, accept }, { isAwaited }) => {
      state.calls.push(call)
      state.awaited.push(isAwaited)
      const count = state.calls.length
      await Promise.resolve()
      const reply = answer(count, server)
      if (reply instanceof Error) throw reply
      return accept(reply)
    },
    path: '/oauth2/token',
    clientId: 'chat bot',
    clientSecret: 'p:w&d',
    ...(refreshToken ? { refreshToken } : {}),
    now: () => new Date(state.time),
  })
  return { state, tokens }
}

function token(text: string, expiresIn: unknown = 300): HttpReply {
  return {
    status: 200,
    headers: {},
    text: JSON.stringify({ access_token: text, expires_in: expiresIn, token_type: 'Bearer' }),
  }
}

test('one token serves all callers and servers, and the next one comes before it expires', async () => {
  const { state, tokens } = open()
  const all = await Promise.all([tokens.get(primary, signal), tokens.get(primary, signal), tokens.get(primary, signal)])
  expect(all).toEqual(['token1', 'token1', 'token1'])
  expect(await tokens.get(standby, signal)).toBe('token1')
  state.time = 239_000
  expect(await tokens.get(primary, signal)).toBe('token1')
  expect(state.calls).toHaveLength(1)
  state.time = 240_000
  expect(await tokens.get(primary, signal)).toBe('token1')
  await settle()
  expect(await tokens.get(primary, signal)).toBe('token2')
  expect(state.calls).toHaveLength(2)
})

test('a token endpoint that is away does not matter while the token in hand is good', async () => {
  const { state, tokens } = open((calls) => (calls === 1 ? token('token1') : new ServerLost('down')))
  await tokens.get(primary, signal)
  for (state.time = 240_000; state.time < 290_000; state.time += 1_000) {
    expect(await tokens.get(primary, signal)).toBe('token1')
    await settle()
  }
  // Now and then, not with every question, and nobody waits.
  expect(state.awaited).toEqual([true, ...Array(10).fill(false)])
  await expect(tokens.get(primary, signal)).rejects.toBeInstanceOf(ServerLost)
  expect(state.awaited.at(-1)).toBe(true)
})

test('a token is renewed without any traffic', async () => {
  vi.useFakeTimers()
  try {
    const { state, tokens } = open()
    await tokens.get(primary, signal)
    state.time = 240_000
    await vi.advanceTimersByTimeAsync(240_000)
    expect(await tokens.get(primary, signal)).toBe('token2')
    tokens.close()
    await vi.advanceTimersByTimeAsync(240_000)
    expect(state.calls).toHaveLength(2)
  } finally {
    vi.useRealTimers()
  }
})

test.each([0.001, 1e12])('a lifetime of %d s makes no flood of renewals', async (lifetime) => {
  vi.useFakeTimers()
  try {
    const { state, tokens } = open(() => token('short', lifetime))
    await tokens.get(primary, signal)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(state.calls.length).toBeLessThanOrEqual(13)
    tokens.close()
  } finally {
    vi.useRealTimers()
  }
})

test('credentials are form-encoded, and nowhere but in the header', async () => {
  const { state, tokens } = open()
  await tokens.get(primary, signal)
  const header = Buffer.from(state.calls[0]!.headers.authorization!.replace('Basic ', ''), 'base64').toString()
  expect(header).toBe('chat+bot:p%3Aw%26d')
  expect(state.calls[0]!.body).toBe('grant_type=client_credentials')
})

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('with a refresh token', () => {
  const refreshed = (access: string, refresh: string): HttpReply => ({
    status: 200,
    headers: {},
    text: JSON.stringify({ access_token: access, expires_in: 3_600, refresh_token: refresh }),
  })
  const grants = ({ calls }: { calls: HttpCall[] }) =>
    calls
      .map(({ body }) => new URLSearchParams(body))
      .map((form) => [form.get('grant_type'), form.get('refresh_token')])

  test('tokens come by it, and each by the one before', async () => {
    const { state, tokens } = open((calls) => refreshed(`a${calls}`, `r${calls}`), 'r0')
    expect(await tokens.get(primary, signal)).toBe('a1')
    tokens.drop('a1')
    expect(await tokens.get(primary, signal)).toBe('a2')
    expect(grants(state)).toEqual([
      ['refresh_token', 'r0'],
      ['refresh_token', 'r1'],
    ])
  })

  test('the configured one is tried again before giving up', async () => {
    const refusal: HttpReply = { status: 400, headers: {}, text: '{"error":"invalid_grant"}' }
    const { state, tokens } = open((calls) => (calls % 2 ? refreshed(`a${calls}`, `r${calls}`) : refusal), 'r0')
    await tokens.get(primary, signal)
    tokens.drop('a1')
    expect(await tokens.get(primary, signal)).toBe('a3')
    expect(grants(state).map(([, token]) => token)).toEqual(['r0', 'r1', 'r0'])
  })

  test('that is revoked, there is nothing left', async () => {
    const { state, tokens } = open(() => ({ status: 400, headers: {}, text: '{"error":"invalid_grant"}' }), 'r0')
    await expect(tokens.get(primary, signal)).rejects.toMatchObject({ spec: { code: 'ERP_REFUSED' } })
    expect(state.calls).toHaveLength(1)
  })
})

test('a dropped token is renewed, unless it was already', async () => {
  const { tokens } = open()
  await tokens.get(primary, signal)
  tokens.drop('token1')
  expect(await tokens.get(primary, signal)).toBe('token2')
  tokens.drop('token1')
  expect(await tokens.get(primary, signal)).toBe('token2')
})

test('a failure is not remembered, and is of its own server only', async () => {
  const { tokens } = open((_, server) => (server === primary ? new ServerLost('down') : token('from standby')))
  const [lost, found] = await Promise.allSettled([tokens.get(primary, signal), tokens.get(standby, signal)])
  expect(lost).toMatchObject({ status: 'rejected', reason: expect.any(ServerLost) })
  expect(found).toMatchObject({ value: 'from standby' })
  expect(await tokens.get(primary, signal)).toBe('from standby')
})

test('wrong credentials are a refusal', async () => {
  const { tokens } = open(() => ({ status: 401, headers: {}, text: '{"error":"invalid_client"}' }))
  const error = await tokens.get(primary, signal).catch((e: unknown) => e)
  expect(error).toBeInstanceOf(AppError)
  expect((error as AppError).spec.code).toBe('ERP_REFUSED')
})

test('a caller who gives up does not end the others’ request', async () => {
  const { tokens } = open()
  const impatient = new AbortController()
  const first = tokens.get(primary, impatient.signal)
  const second = tokens.get(primary, signal)
  impatient.abort(new Error('gone'))
  await expect(first).rejects.toThrow('gone')
  expect(await second).toBe('token1')
})
