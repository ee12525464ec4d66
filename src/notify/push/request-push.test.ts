import { expect, test } from 'vitest'
import type { AppError } from '#platform/errors'
import type { NewPush } from './push-store.ts'
import { type PushRequest, requestPush } from './request-push.ts'

const now = new Date('2026-11-28T09:00:00Z')
const words = (body: string) => ({ notification: { ko: { title: '', body } } })

/** The message that is kept, or what it was refused with. */
async function ask({
  content = words('a'),
  ...wish
}: { content?: object } & Partial<Omit<PushRequest, 'content'>> = {}) {
  let kept: NewPush | undefined
  const deps = {
    database: {} as never,
    queue: { publish: async () => '' },
    store: {
      add: async (push: NewPush) => {
        kept = push
        return { push: 'id', isNew: true }
      },
    },
    now: () => now,
  }
  const request = { content: { priority: 'high', ttlSeconds: 60, ...content }, target: { users: ['u'] }, ...wish }
  return await requestPush(deps, { requestedBy: 'me', ...request } as PushRequest, {} as never).then(
    () => kept,
    (error: AppError) => [error.spec.code, error.params],
  )
}

test('is a notification, data, or both', async () => {
  expect(await ask()).toMatchObject({ kind: 'notification', isScheduled: false, dueAt: now })
  expect(await ask({ content: { data: { a: 'b' } } })).toMatchObject({ kind: 'data' })
  expect(await ask({ content: { ...words('a'), data: { a: 'b' } } })).toMatchObject({ kind: 'combined' })
  for (const content of [{ data: {} }, { notification: {} }, {}])
    expect(await ask({ content })).toEqual(['PUSH_EMPTY', {}])
})

test('of 4,096 bytes at most, in its longest language and with what we add', async () => {
  // Found by trying, so that the test does not repeat how it is counted.
  const fits = async (count: number) => !Array.isArray(await ask({ content: words('가'.repeat(count)) }))
  let most = 0
  while (await fits(most + 1)) most += 1
  const payload = { notification: { title: '', body: '가'.repeat(most) }, data: { pushId: crypto.randomUUID() } }
  const size = Buffer.byteLength(JSON.stringify(payload))
  expect(size).toBeLessThanOrEqual(4_096)
  expect(size).toBeGreaterThan(4_096 - 3)
  expect(await ask({ content: words('가'.repeat(most + 1)) })).toEqual([
    'PUSH_TOO_LARGE',
    { size: size + 3, limit: 4_096 },
  ])
  const english = { notification: { ko: { title: '', body: '' }, en: { title: '', body: 'a'.repeat(4_100) } } }
  expect(await ask({ content: english })).toMatchObject(['PUSH_TOO_LARGE', { limit: 4_096 }])
  expect(await ask({ content: { data: { a: 'b'.repeat(4_096) } } })).toMatchObject(['PUSH_TOO_LARGE', { limit: 4_096 }])
})

test('is for somebody, and at a time to come', async () => {
  const at = (ms: number) => new Date(now.getTime() + ms)
  expect(await ask({ target: { users: [] } })).toEqual(['PUSH_TARGET_MISSING', {}])
  expect(await ask({ target: { condition: 'x' } })).toEqual(['PUSH_CONDITION_INVALID', {}])
  expect(await ask({ sendAt: at(60_000) })).toMatchObject({ isScheduled: true, dueAt: at(60_000) })
  expect(await ask({ sendAt: at(-30_000) })).toMatchObject({ isScheduled: false, dueAt: now })
  expect(await ask({ sendAt: at(-61_000) })).toEqual(['PUSH_TIME_INVALID', { days: 60 }])
  expect(await ask({ sendAt: at(61 * 86_400_000) })).toEqual(['PUSH_TIME_INVALID', { days: 60 }])
})
