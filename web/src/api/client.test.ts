import { expect, test } from 'vitest'
import { type ApiDeps, ApiError, createApiClient, localCodes } from './client.ts'
import type { RefreshOutcome } from './refresh.ts'

const envelope = (body: unknown) => Response.json({ header: {}, body, metadata: {} })
const refusal = () =>
  Response.json({ error: { code: 'AUTH_REQUIRED', message: '로그인해 주세요.', traceId: 't1' } }, { status: 401 })

function client(replies: (() => Response)[], outcome: RefreshOutcome) {
  const seen = { calls: 0, refreshed: 0, signedOut: 0 }
  const deps: ApiDeps = {
    fetch: async () => {
      const reply = replies[seen.calls++]
      if (!reply) throw new TypeError('network down')
      return reply()
    },
    language: () => 'ko',
    refresh: async () => {
      seen.refreshed++
      return outcome
    },
    onSignedOut: () => {
      seen.signedOut++
    },
    timeoutMs: 1000,
  }
  return { api: createApiClient(deps), seen }
}

test('takes the envelope off', async () => {
  const { api } = client([() => envelope({ name: '김민수' })], 'renewed')
  expect(await api.get('/api/v1/me')).toEqual({ name: '김민수' })
})

test('refreshes once on 401 and repeats the call', async () => {
  const { api, seen } = client([refusal, () => envelope(1)], 'renewed')
  expect(await api.get('/x')).toBe(1)
  expect(seen).toEqual({ calls: 2, refreshed: 1, signedOut: 0 })
})

test('says the session is over when the refresh is refused', async () => {
  const { api, seen } = client([refusal], 'over')
  await expect(api.get('/x')).rejects.toMatchObject({ code: 'AUTH_REQUIRED', status: 401, traceId: 't1' })
  expect(seen.signedOut).toBe(1)
})

test('no network and no envelope become errors of our own', async () => {
  const { api } = client([() => Response.json({ plain: true })], 'renewed')
  await expect(api.get('/x')).rejects.toMatchObject({ code: localCodes.badReply })
  const failure = await api.get('/x').catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(ApiError)
  expect(failure).toMatchObject({ code: localCodes.offline })
})

test('a refresh that could not be answered keeps the session', async () => {
  const { api, seen } = client([refusal], 'unknown')
  await expect(api.get('/x')).rejects.toMatchObject({ code: localCodes.offline, status: 0 })
  expect(seen.signedOut).toBe(0)
})
