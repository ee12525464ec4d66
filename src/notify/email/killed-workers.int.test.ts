import { expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { deliverDespiteKills } from './killed-workers-fixture.ts'

// The whole of it, a thousand mails and twenty kills on each queue, is `npm run bench -- mail`.
test('workers that are killed lose no mail, send at most one twice each, and keep the pace', async () => {
  await using db = await createTestDatabase()
  const kills = 3
  const plan = { messages: 80, workers: 3, kills, betweenMs: 1_000, deadlineMs: 80_000 }
  const found = await deliverDespiteKills(db.database, plan)
  expect(found).toMatchObject({ delivered: 80, sent: 80 })
  expect(found.duplicates).toBeLessThanOrEqual(kills)
  expect(found.worstSecond).toBeLessThanOrEqual(14)
}, 120_000)
