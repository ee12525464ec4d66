import { expect, test } from 'vitest'
import { groupByAge } from './conversation-groups.ts'

const at = (updatedAt: string) => ({ conversationId: updatedAt, title: updatedAt, updatedAt })

test('groups by calendar day in Seoul, newest first', () => {
  // 00:30 on the 23rd in Seoul is still the 22nd in UTC.
  const now = new Date('2026-11-22T15:30:00.000Z')
  const groups = groupByAge(
    [
      at('2026-11-22T14:50:00.000Z'),
      at('2026-11-22T15:10:00.000Z'),
      at('2026-11-16T01:00:00.000Z'),
      at('2026-10-01T01:00:00.000Z'),
    ],
    now,
  )
  expect(groups.map((group) => [group.age, group.conversations.map((c) => c.title)])).toEqual([
    ['today', ['2026-11-22T15:10:00.000Z']],
    ['yesterday', ['2026-11-22T14:50:00.000Z']],
    ['week', ['2026-11-16T01:00:00.000Z']],
    ['earlier', ['2026-10-01T01:00:00.000Z']],
  ])
})
