import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hashSecret, newSecret } from './secrets.ts'
import type { StoredToken, TokenStore } from './token-store.ts'

type Opened = { store: TokenStore; close: () => Promise<void> }

/** What every token store must do. `open` gives an empty one that takes its time from `now`. */
export function describeTokenStore(name: string, open: (now: () => Date) => Promise<Opened>): void {
  describe(`${name} as a token store`, () => {
    let time: number
    let store: TokenStore
    let close: () => Promise<void>

    const inSeconds = (seconds: number) => new Date(time + seconds * 1_000)
    const tokenOf = (sessionId: string = randomUUID(), seconds = 3_600): StoredToken => {
      return { hash: hashSecret(newSecret()), sessionId, record: Buffer.from('sealed'), expiresAt: inSeconds(seconds) }
    }
    const successor = Buffer.from('sealed successor')

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
      await store.openSession(token)
      expect(await store.isSessionOpen(token.sessionId)).toBe(true)
      expect(await store.findToken(token.hash)).toEqual(token)
      time += 3_600_000
      expect(await store.isSessionOpen(token.sessionId)).toBe(false)
      expect(await store.findToken(token.hash)).toBeUndefined()
    })

    test('a session nobody opened is not open', async () => {
      expect(await store.isSessionOpen(randomUUID())).toBe(false)
      expect(await store.findToken('nothing')).toBeUndefined()
    })

    test('a rotated token shows its successor and the moment', async () => {
      const first = tokenOf()
      const next = tokenOf(first.sessionId)
      await store.openSession(first)
      time += 1_000
      expect(await store.rotateToken(first.hash, next, successor)).toBe(true)
      expect(await store.findToken(first.hash)).toEqual({ ...first, rotated: { at: new Date(time), successor } })
      expect(await store.findToken(next.hash)).toEqual(next)
    })

    test('of many rotations at once one succeeds, and only its successor exists', async () => {
      const first = tokenOf()
      await store.openSession(first)
      const nexts = Array.from({ length: 8 }, () => tokenOf(first.sessionId))
      const done = await Promise.all(nexts.map((next) => store.rotateToken(first.hash, next, successor)))
      expect(done.filter(Boolean)).toHaveLength(1)
      const found = await Promise.all(nexts.map((next) => store.findToken(next.hash)))
      expect(found.map((one) => one !== undefined)).toEqual(done)
    })

    test('nothing rotates that is unknown, expired or of an ended session', async () => {
      const [expired, ended] = [tokenOf(randomUUID(), 1), tokenOf()]
      await store.openSession(expired)
      await store.openSession(ended)
      await store.endSession(ended.sessionId)
      time += 2_000
      for (const { hash, sessionId } of [expired, ended, tokenOf()]) {
        const next = tokenOf(sessionId)
        expect(await store.rotateToken(hash, next, successor)).toBe(false)
        expect(await store.findToken(next.hash)).toBeUndefined()
      }
    })

    test('ending a session ends all its tokens and no other’s', async () => {
      const [first, other] = [tokenOf(), tokenOf()]
      const next = tokenOf(first.sessionId)
      await store.openSession(first)
      await store.openSession(other)
      await store.rotateToken(first.hash, next, successor)
      await store.endSession(first.sessionId)
      await store.endSession(first.sessionId)
      expect(await store.isSessionOpen(first.sessionId)).toBe(false)
      expect(await store.findToken(first.hash)).toBeUndefined()
      expect(await store.findToken(next.hash)).toBeUndefined()
      expect(await store.findToken(other.hash)).toEqual(other)
    })

    test('what has expired is cleared away, and nothing else', async () => {
      const [old, young] = [tokenOf(randomUUID(), 10), tokenOf()]
      await store.openSession(old)
      await store.openSession(young)
      await store.saveSignIn('old', Buffer.from('x'), inSeconds(10))
      await store.saveSignIn('young', Buffer.from('x'), inSeconds(600))
      time += 20_000
      await store.removeExpired()
      time -= 20_000
      expect(await store.findToken(old.hash)).toBeUndefined()
      expect(await store.takeSignIn('old')).toBeUndefined()
      expect(await store.findToken(young.hash)).toEqual(young)
      expect(await store.takeSignIn('young')).toBeDefined()
    })
  })
}
