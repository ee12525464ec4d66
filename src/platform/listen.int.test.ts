import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { createTestDatabase } from '../../test/support/test-database.ts'
import { listenTo } from './listen.ts'
import { createLogger } from './log.ts'

const log = createLogger({ level: 'silent', role: 'test' })

test('hears what is told, and connects again after its connection is ended', async () => {
  await using ours = await createTestDatabase({ empty: true })
  const heard: string[] = []
  const listener = listenTo({ url: ours.url, channel: 'news', onMessage: (text) => heard.push(text), log, retryMs: 10 })
  await vi.waitFor(() => expect(heard).toEqual(['']))
  await sql`select pg_notify('news', 'one')`.execute(ours.database.kysely)
  await vi.waitFor(() => expect(heard).toEqual(['', 'one']))
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'erp-chatbot listener'
    and datname = current_database()`.execute(ours.database.kysely)
  await vi.waitFor(() => expect(heard).toEqual(['', 'one', '']), { timeout: 5_000 })
  await sql`select pg_notify('news', 'two')`.execute(ours.database.kysely)
  await vi.waitFor(() => expect(heard.at(-1)).toBe('two'))
  await listener.close()
})
