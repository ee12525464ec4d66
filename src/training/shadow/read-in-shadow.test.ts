import { afterEach, expect, test, vi } from 'vitest'
import type { RequestModel, Understand, UnderstandReply } from '#nlu'
import { createLogger } from '#platform/log'
import type { ShadowCounts } from '../models/model-store.ts'
import { readInShadow, type ShadowedUnderstanding } from './read-in-shadow.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const request = (text: string) => ({ text, today: '2026-11-23', state: {}, language: 'ko' }) as const
const reply = (understanding: Partial<UnderstandReply['understanding']>): UnderstandReply => ({
  understanding: { intent: 'query', confidence: 0.9, language: 'ko', spans: [], ...understanding },
  state: {},
})
const sales = { entity: 'sales', measures: ['amount'] }
let open: ShadowedUnderstanding | undefined
afterEach(() => open?.close())

type Given = { read: Understand; isAway?: () => boolean; restMs?: number }

function shadow({ read, isAway = () => false, restMs = 0 }: Given) {
  const kept: [string, ShadowCounts][] = []
  open = readInShadow({
    ...{ log, restMs, keepEveryMs: 5 },
    understand: async () => reply({ query: sales }),
    served: {
      shadowOf: (text) => (text.startsWith('no') ? undefined : { deploymentId: '7', model: {} as RequestModel }),
    },
    openReader: () => read,
    keepCounts: async (deploymentId, counts) => {
      if (isAway()) throw new Error('away')
      kept.push([deploymentId, counts])
    },
  })
  const sum = (of: keyof ShadowCounts) => kept.reduce((all, [, counts]) => all + counts[of], 0)
  return { ...open, kept, sum }
}

test('what a shadow reads otherwise is counted by what differs, and nobody hears of it', async () => {
  const seen: string[] = []
  const { understand, sum } = shadow({
    read: async ({ text }) => {
      seen.push(text)
      if (text === 'fails') throw new Error('a fault')
      if (text === 'intent') return reply({ intent: 'help', confidence: 0.85 })
      if (text === 'query') return reply({ query: { ...sales, limit: 5 }, confidence: 0.95 })
      return reply({ query: sales, confidence: text === 'unsure' ? 0.5 : 0.9 })
    },
  })
  for (const text of ['same', 'intent', 'query', 'unsure', 'fails', 'no share'])
    expect((await understand(request(text))).understanding.query).toEqual(sales)
  await understand({ ...request('typing'), partial: true })
  await vi.waitFor(() => expect(sum('readings') + sum('failed')).toBe(5))
  expect(seen.sort()).toEqual(['fails', 'intent', 'query', 'same', 'unsure'])
  expect([sum('otherIntent'), sum('otherQuery'), sum('otherConfidence'), sum('failed'), sum('dropped')]).toEqual([
    ...[1, 2, 1, 1, 0],
  ])
})

test('answers wait for no shadow, and what there is no time for is dropped and counted', async () => {
  const { understand, close, sum } = shadow({ read: () => new Promise(() => undefined) })
  for (let i = 0; i < 200; i += 1) await understand(request(`question ${i}`))
  await close()
  expect(sum('readings')).toBe(0)
  // One is being read for ever.
  expect(sum('dropped')).toBeGreaterThanOrEqual(199)
})

test('while questions come nothing is read unheard', async () => {
  const read = vi.fn(async () => reply({ query: sales }))
  const { understand } = shadow({ read, restMs: 60_000 })
  for (let i = 0; i < 20; i += 1) await understand(request(`question ${i}`))
  await new Promise((resolve) => setImmediate(resolve))
  expect(read).not.toHaveBeenCalled()
})

test('what cannot be kept is kept later, once', async () => {
  let looks = 0
  const { understand, sum } = shadow({
    read: async () => reply({ query: sales }),
    isAway: () => {
      looks += 1
      return looks < 4
    },
  })
  for (const text of ['a', 'b', 'c']) await understand(request(text))
  await vi.waitFor(() => expect(sum('readings')).toBe(3))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(sum('readings')).toBe(3)
})
