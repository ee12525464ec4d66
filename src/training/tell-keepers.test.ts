import { expect, test } from 'vitest'
import type { EmailRequest } from '#notify'
import { createLogger } from '#platform/log'
import { createTellKeepers, type TrainingNews, wordNews } from './tell-keepers.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const news: TrainingNews = { kind: 'refused', id: 'j1', model: '3f9c0d2a7b1e8842', reasons: ['golden, exact: 1, 0.9'] }
const within = {} as never

test('everybody who looks after training is told in a language of their own, by mail and by push', async () => {
  const [mails, pushes]: [EmailRequest[], unknown[]] = [[], []]
  const tell = createTellKeepers({
    findKeepers: async () => [
      { userId: 'u1', email: 'one@example.com', language: 'ko' },
      { userId: 'u2', email: 'two@example.com', language: 'en' },
      { userId: 'u3', email: '', language: 'en' },
    ],
    mail: async (mail) => void mails.push(mail),
    push: async (push) => void pushes.push(push),
    ...{ publicUrl: 'https://chat.example.com', log },
  })
  await tell(news, within)
  expect(mails.map(({ language, recipients }) => [language, recipients[0]?.address])).toEqual([
    ['ko', 'one@example.com'],
    ['en', 'two@example.com'],
  ])
  expect(mails[1]?.variables).toMatchObject({ link: 'https://chat.example.com/' })
  expect(JSON.stringify(mails[1]?.variables)).toContain('golden, exact: 1, 0.9')
  expect(pushes).toHaveLength(3)
  // A request that is made again is the same request.
  expect(new Set(mails.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2)
})

test('with no way to tell, nothing fails', async () => {
  const findKeepers = async () => [{ userId: 'u1', email: 'one@example.com', language: 'ko' as const }]
  const tell = createTellKeepers({ findKeepers, mail: undefined, push: undefined, publicUrl: 'https://a.example', log })
  await expect(tell(news, within)).resolves.toBeUndefined()
})

test('reasons of any length make a notice', () => {
  const { title, text } = wordNews({ ...news, kind: 'rolled-back', reasons: ['x'.repeat(10_000)] }, 'ko')
  expect(title.length).toBeLessThan(100)
  expect(text.length).toBeLessThan(1_500)
})
