import { expect, test, vi } from 'vitest'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { createLogger } from '../log.ts'
import { startRelay, storeInOutbox } from './outbox.ts'

const log = createLogger({ level: 'silent', role: 'test' })

test('messages that the server does not take hold up none that come after them, and go once it takes them', async () => {
  await using db = await createTestDatabase()
  const { kysely } = db.database
  // More than a relay takes at a time.
  for (let number = 0; number < 250; number += 1)
    await storeInOutbox(kysely, { to: { topic: 'refused' }, message: { number }, failures: 0 })
  await storeInOutbox(kysely, { to: { topic: 'taken' }, message: {}, failures: 0 })

  let isRefusing = true
  const sent: string[] = []
  const relay = startRelay({
    kysely,
    url: db.url,
    log,
    send: async ({ to }) => {
      const topic = 'topic' in to ? to.topic : to.queue
      if (isRefusing && topic === 'refused') throw new Error('NO_ROUTE')
      sent.push(topic)
    },
  })
  await vi.waitFor(() => expect(sent).toEqual(['taken']), { timeout: 20_000 })
  isRefusing = false
  await vi.waitFor(() => expect(sent).toHaveLength(251), { timeout: 20_000 })
  await relay.close()
})
