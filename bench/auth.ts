import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { type AccessTokens, audience, createAccessTokens } from '../src/auth/access-token.ts'
import { openSession } from '../src/auth/open-session.ts'
import { type RefreshDeps, refreshSession } from '../src/auth/refresh-session.ts'
import { createSessionSeal } from '../src/auth/session-record.ts'
import { createRedisTokenStore } from '../src/auth/token-store.redis.ts'
import type { User } from '../src/auth/user-store.ts'
import { createFieldCipher, createFileKeyService } from '../src/platform/encryption.ts'
import { createLogger } from '../src/platform/log.ts'
import { openRedis, type RedisClient } from '../src/platform/redis.ts'
import { startTestRedis } from '../test/support/test-redis.ts'
import { comparedFigure, type Figure, judged, median, quantile } from './figure.ts'

const issuer = 'https://chat.example.com'
const inFlight = 100
const rounds = 7
const verifyRounds = 61
const verifiesARound = 400
const refreshesARound = 4_000
const now = () => new Date()
const from = { address: '203.0.113.7', device: { browser: 'Chrome', system: 'Windows' } }

const user: User = {
  userId: randomUUID(),
  ...{ name: '김민수', department: '국내영업팀', email: 'minsu@hanbit.example' },
  ...{ roles: ['employee', 'sales'], language: 'ko', disabled: false },
}

/**
 * `npm run bench -- auth`. Verifying an access token beside jose alone with the same options. Refreshing over a real Redis at
 * 100 in flight: what a refresh does besides signing the new access token, beside two bare round trips; and the whole, beside
 * bare RS256 signatures, which bound it from below.
 */
export async function measureAuth(): Promise<Figure[]> {
  const keys = await makeKeys()
  const accessTokens = createAccessTokens({ keys, issuer, now })
  return [...(await measureVerify(accessTokens, keys.publicKey)), ...(await measureRefresh(accessTokens, keys))]
}

async function makeKeys() {
  const pair = await generateKeyPair('RS256', { extractable: true })
  const { n = '', e = '' } = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint({ kty: 'RSA', n, e })
  const publicKey = { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' }
  return {
    publicKey,
    privateKey: pair.privateKey,
    findSigningKey: async () => ({ kid, key: pair.privateKey, since: now() }),
    findPublicKey: async (wanted: string) => (wanted === kid ? publicKey : undefined),
    listPublicKeys: async () => [publicKey],
  }
}

type Keys = Awaited<ReturnType<typeof makeKeys>>

/** In turn, in short rounds, either first, so that what else the machine does meets both. */
async function measureVerify(accessTokens: AccessTokens, publicKey: Keys['publicKey']): Promise<Figure[]> {
  const claims = { userId: user.userId, sessionId: randomUUID(), roles: user.roles }
  const { token } = await accessTokens.issue(claims, new Date(Date.now() + 3_600_000))
  const options = { algorithms: ['RS256'], typ: 'at+jwt', issuer, audience, clockTolerance: 5, maxTokenAge: 3_600 }
  const ours = async () => void (await accessTokens.verify(token))
  const bare = async () => void (await jwtVerify(token, async () => publicKey, { ...options, requiredClaims: ['exp'] }))
  const perSecond = async (verify: () => Promise<void>) => {
    const startedAt = performance.now()
    for (let i = 0; i < verifiesARound; i += 1) await verify()
    return verifiesARound / ((performance.now() - startedAt) / 1_000)
  }
  await perSecond(ours)
  await perSecond(bare)
  const measured: { ours: number; bare: number }[] = []
  for (let i = 0; i < verifyRounds; i += 1) {
    const first = await perSecond(i % 2 === 0 ? ours : bare)
    const second = await perSecond(i % 2 === 0 ? bare : ours)
    measured.push(i % 2 === 0 ? { ours: first, bare: second } : { ours: second, bare: first })
  }
  const value = median(measured.map((round) => round.ours))
  const figure = comparedFigure('access tokens verified', value, '/s', {
    name: 'jose alone',
    value: median(measured.map((round) => round.bare)),
  })
  const ratio = median(measured.map((round) => round.ours / round.bare))
  return [judged({ ...figure, ratio: Number(ratio.toPrecision(3)) }, 'ratio ≥ 0.9', ratio >= 0.9)]
}

async function measureRefresh(accessTokens: AccessTokens, keys: Keys): Promise<Figure[]> {
  await using server = await startTestRedis()
  const redis = openRedis({ url: server.url }, createLogger({ level: 'silent', role: 'bench' }))
  await once(redis, 'ready')
  const cipher = createFieldCipher(
    createFileKeyService(join(await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-')), 'key')),
  )
  const users = { findUser: async () => user, saveSignIn: async () => user } as unknown as RefreshDeps['users']
  const whole = {
    tokens: createRedisTokenStore({ redis }),
    users,
    accessTokens,
    seal: createSessionSeal(cipher),
    idleMs: 3_600_000,
    forget: () => undefined,
    now,
  }
  const unsigned = { issue: async () => ({ token: '', expiresAt: now() }), verify: accessTokens.verify }
  const kept = { ...whole, accessTokens: unsigned }
  const sign = async () =>
    void (await new SignJWT({ sub: user.userId }).setProtectedHeader({ alg: 'RS256' }).sign(keys.privateKey))
  try {
    const p99s = { kept: [] as number[], trips: [] as number[], whole: [] as number[], signed: [] as number[] }
    for (let i = -1; i < rounds; i += 1) {
      const round = {
        kept: await p99Of(await refreshers(kept)),
        trips: await p99Of(await pairsOfTrips(redis)),
        whole: await p99Of(await refreshers(whole), refreshesARound / 4),
        signed: await p99Of(Array(inFlight).fill(sign), refreshesARound / 4),
      }
      if (i < 0) continue
      for (const name of ['kept', 'trips', 'whole', 'signed'] as const) p99s[name].push(round[name])
    }
    const trips = { name: 'a bare pair of round trips', value: median(p99s.trips) }
    const signed = { name: 'bare RS256 signatures', value: median(p99s.signed) }
    const stored = comparedFigure('refresh over Redis unsigned, p99', median(p99s.kept), 'ms', trips)
    const all = comparedFigure('refresh over Redis whole, p99', median(p99s.whole), 'ms', signed)
    return [judged(stored, '≤ 10 ms', stored.value <= 10), judged(all, '≤ 10 ms', all.value <= 10)]
  } finally {
    redis.disconnect()
  }
}

/** Sessions that each refresh their newest token, one after the other. */
async function refreshers(deps: RefreshDeps): Promise<(() => Promise<void>)[]> {
  const atProvider = { issuer: 'https://idp.example', subject: 'minsu', idToken: 'x'.repeat(1_200), from }
  return await Promise.all(
    Array.from({ length: inFlight }, async () => {
      let { refreshToken } = await openSession(deps, user, { ...atProvider, sessionId: randomUUID() })
      return async () => {
        ;({ refreshToken } = await refreshSession(deps, refreshToken, () => Promise.reject(new Error('reused'))))
      }
    }),
  )
}

async function pairsOfTrips(redis: RedisClient): Promise<(() => Promise<void>)[]> {
  const value = Buffer.alloc(1_600)
  await redis.hset('bare', 'record', value)
  return Array.from({ length: inFlight }, (_, i) => async () => {
    await redis.hmgetBuffer('bare', 'record', 'other')
    await redis.hset(`bare:${i}`, 'token', '')
  })
}

/** Each works without a pause, all at once. */
async function p99Of(workers: (() => Promise<void>)[], times = refreshesARound): Promise<number> {
  const taken: number[] = []
  let left = times
  await Promise.all(
    workers.map(async (work) => {
      while (left > 0) {
        left -= 1
        const startedAt = performance.now()
        await work()
        taken.push(performance.now() - startedAt)
      }
    }),
  )
  return quantile(taken, 0.99)
}
