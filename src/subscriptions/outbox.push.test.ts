import { expect, test } from 'vitest'
import type { Push } from '#notify'
import { createPushOutbox } from './outbox.push.ts'

test('a push has what it says on its lines, within its limits, and no control character', async () => {
  const requested: Parameters<Push['requestPush']>[0][] = []
  const push = createPushOutbox(async (request) => {
    requested.push(request)
    return { push: 'p', isNew: true }
  })
  const esc = String.fromCharCode(27)
  const message = { userId: 'u', language: 'ko' as const, link: 'https://chat.example.com/', idempotencyKey: 'k' }
  await push({ ...message, title: `재고${esc}[31m\r ${'가'.repeat(200)}`, text: `첫째\n둘째${esc}` }, {} as never)
  const { ko } = requested[0]?.content.notification ?? {}
  expect(ko?.title).toBe(`재고[31m ${'가'.repeat(93)}`)
  expect(ko?.body).toBe('첫째\n둘째')
})
