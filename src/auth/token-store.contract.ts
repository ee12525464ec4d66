import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hashSecret, newSecret } from './secrets.ts'
import type { FoundToken, StoredSession, TokenStore } from './token-store.ts'

type Opened = { store: TokenStore; close: () => Promise<void> }
type Nature = {
  /** An empty store that takes its time from `now`. */
  open: (now: () => Date) => Promise<Opened>
  /** What has expired goes without being cleared away, by a clock of the store's own. */
  forgetsByItself?: boolean
}

/** What every token store must do. */
export function describeTokenStore(name: string, { open, forgetsByItself = false }: Nature): void {
  describe(`${name} as a token store`, () => {
    let time: number
    let store: TokenStore
    let close: () => Promise<void>

    const inSeconds = (seconds: number) => new Date(time + seconds * 1_000)
    /** The first token of a session, as it is found. */
    const tokenOf = (seconds = 3_600): FoundToken => {
      const times = { expiresAt: inSeconds(seconds), usedAt: new Date(time) }
      return { sessionId: randomUUID(), record: Buffer.from([0, 255, 58]), ...times, hash: newHash() }
    }
    const openWith = async ({ hash, ...session }: FoundToken, marks: string[] = []) =>
      await store.openSession(session, hash, marks)
    const newHash = () => hashSecret(newSecret())
    const successor = Buffer.from('sealed: successor')

    beforeEach(async () => {
      time = Date.parse('2026-11-23T05:00:00Z')
      ;({ store, close } = await open(() => new Date(time)))
    })
    afterEach(async () => await close())

    test('a sign-in can be taken once, by one of many', async () => {
      const record = Buffer.from([0, 255, 1])
      await store.saveSignIn('key', record, inSeconds(600))
      const taken = await Promise.all(Array.from({ length: 8 }, () => store.takeSignIn('key')))
      expect(taken.filter((one) => one !== undefined)).toEqual([record])
      expect(await store.takeSignIn('never')).toBeUndefined()
    })

    test('a sign-in that took too long is gone', async () => {
      await store.saveSignIn('key', Buffer.from('x'), inSeconds(600))
      time += 600_000
      expect(await store.takeSignIn('key')).toBeUndefined()
    })

    test('an open session has its token, until it expires', async () => {
      const token = tokenOf()
      await openWith(token)
      expect(await store.isSessionOpen(token.sessionId)).toBe(true)
      expect(await store.findToken(token)).toEqual(token)
      expect(await store.findToken({ ...token, hash: newHash() })).toBeUndefined()
      time += 3_600_000
      expect(await store.isSessionOpen(token.sessionId)).toBe(false)
      expect(await store.findToken(token)).toBeUndefined()
    })

    test('a session nobody opened is not open', async () => {
      expect(await store.isSessionOpen(randomUUID())).toBe(false)
      expect(await store.findToken({ sessionId: randomUUID(), hash: 'nothing' })).toBeUndefined()
    })

    test('a token is found only in its own session', async () => {
      const [one, other] = [tokenOf(), tokenOf()]
      await openWith(one)
      await openWith(other)
      expect(await store.findToken({ sessionId: one.sessionId, hash: other.hash })).toBeUndefined()
      expect(await store.rotateToken({ sessionId: one.sessionId, hash: other.hash }, newHash(), successor)).toBe(false)
    })

    test('a rotated token shows its successor and the moment, which was the last use of its session', async () => {
      const first = tokenOf()
      const next = { ...first, hash: newHash() }
      await openWith(first)
      time += 1_000
      expect(await store.rotateToken(first, next.hash, successor)).toBe(true)
      const usedAt = new Date(time)
      expect(await store.findToken(first)).toEqual({ ...first, usedAt, rotated: { at: usedAt, successor } })
      expect(await store.findToken(next)).toEqual({ ...next, usedAt })
      time += 1_000
      expect(await store.rotateToken(first, newHash(), successor)).toBe(false)
      expect((await store.findToken(next))?.usedAt).toEqual(usedAt)
    })

    test('of many rotations at once one succeeds, and only its successor exists', async () => {
      const first = tokenOf()
      await openWith(first)
      const nexts = Array.from({ length: 20 }, newHash)
      const done = await Promise.all(nexts.map((next) => store.rotateToken(first, next, successor)))
      expect(done.filter(Boolean)).toHaveLength(1)
      const found = await Promise.all(nexts.map((hash) => store.findToken({ ...first, hash })))
      expect(found.map((one) => one !== undefined)).toEqual(done)
    })

    test('nothing rotates that is unknown, expired or of an ended session', async () => {
      const [expired, ended] = [tokenOf(1), tokenOf()]
      await openWith(expired)
      await openWith(ended)
      await store.endSession(ended.sessionId)
      time += 2_000
      for (const token of [expired, ended, tokenOf()]) {
        const next = newHash()
        expect(await store.rotateToken(token, next, successor)).toBe(false)
        expect(await store.findToken({ ...token, hash: next })).toBeUndefined()
      }
    })

    test('ending a session ends all its tokens and no other’s', async () => {
      const [first, other] = [tokenOf(), tokenOf()]
      const next = { ...first, hash: newHash() }
      await openWith(first)
      await openWith(other)
      await store.rotateToken(first, next.hash, successor)
      await store.endSession(first.sessionId)
      await store.endSession(first.sessionId)
      expect(await store.isSessionOpen(first.sessionId)).toBe(false)
      expect(await store.findToken(first)).toBeUndefined()
      expect(await store.findToken(next)).toBeUndefined()
      expect(await store.findToken(other)).toEqual(other)
    })

    test('sessions end by any of their marks, and tell what they remembered', async () => {
      const [phone, desk, other] = [tokenOf(), tokenOf(), tokenOf()]
      await openWith(phone, ['minsu', 'phone'])
      await openWith(desk, ['minsu', 'desk'])
      await openWith(other, ['somi'])
      const rememberedBy = ({ hash: _, ...session }: FoundToken) => session
      const found = await store.findSessions('minsu')
      const sorted = (sessions: StoredSession[]) => sessions.map(({ sessionId }) => sessionId).sort()
      expect(sorted(found)).toEqual(sorted([phone, desk]))
      expect(await store.findSessions('phone')).toEqual([rememberedBy(phone)])
      expect(await store.endSessions('phone')).toEqual([rememberedBy(phone)])
      expect(await store.endSessions('phone')).toEqual([])
      expect(await store.findSessions('minsu')).toEqual([rememberedBy(desk)])
      expect(await store.isSessionOpen(desk.sessionId)).toBe(true)
      expect(await store.endSessions('minsu')).toEqual([rememberedBy(desk)])
      expect(await store.findToken(desk)).toBeUndefined()
      expect(await store.endSessions('nobody')).toEqual([])
      expect(await store.findToken(other)).toEqual(other)
    })

    test('many sessions end together, and one that has expired is not told of', async () => {
      const tokens = Array.from({ length: 40 }, () => tokenOf())
      await openWith(tokenOf(1), ['minsu'])
      time += 2_000
      expect(await store.findSessions('minsu')).toEqual([])
      for (const token of tokens) await openWith(token, ['minsu'])
      const ended = await store.endSessions('minsu')
      expect(ended.map(({ sessionId }) => sessionId).sort()).toEqual(tokens.map(({ sessionId }) => sessionId).sort())
      const open = await Promise.all(tokens.map(({ sessionId }) => store.isSessionOpen(sessionId)))
      expect(open.some(Boolean)).toBe(false)
    })

    test('what was claimed stays so until it expires', async () => {
      expect(await store.isClaimed('jti')).toBe(false)
      await store.claim('jti', inSeconds(60))
      await store.claim('jti', inSeconds(60))
      expect(await store.isClaimed('jti')).toBe(true)
      expect(await store.isClaimed('other')).toBe(false)
      time += 60_000
      expect(await store.isClaimed('jti')).toBe(false)
    })

    test('says that it can be reached', async () => {
      await expect(store.checkReady()).resolves.toBeUndefined()
    })

    test.skipIf(forgetsByItself)('what has expired is cleared away, and nothing else', async () => {
      const [old, young] = [tokenOf(10), tokenOf()]
      await openWith(old)
      await openWith(young)
      await store.saveSignIn('old', Buffer.from('x'), inSeconds(10))
      await store.saveSignIn('young', Buffer.from('x'), inSeconds(600))
      await store.claim('old', inSeconds(10))
      time += 20_000
      expect(await store.removeExpired()).toBe(4)
      time -= 20_000
      expect(await store.findToken(old)).toBeUndefined()
      expect(await store.takeSignIn('old')).toBeUndefined()
      expect(await store.isClaimed('old')).toBe(false)
      expect(await store.findToken(young)).toEqual(young)
      expect(await store.takeSignIn('young')).toBeDefined()
    })
  })
}
