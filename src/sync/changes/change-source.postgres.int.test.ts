import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { createLogger } from '#platform/log'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { describeChangeSource } from './change-source.contract.ts'
import { createPostgresChangeSource } from './change-source.postgres.ts'
import { dropTestSlot } from './drop-slot-fixture.ts'

const log = createLogger({ level: 'silent', role: 'test' })

describeChangeSource(
  'PostgreSQL’s logical replication',
  async () => {
    const erp = await createTestDatabase({ empty: true })
    const pool = new pg.Pool({ connectionString: erp.url, max: 8 })
    pool.on('error', () => undefined)
    await pool.query('create schema erp; create table erp.notes (id serial primary key, text text not null)')
    const slot = `test_${randomBytes(6).toString('hex')}`
    return {
      open: () =>
        createPostgresChangeSource({ url: erp.url, slot, tables: ['erp.notes'], log, limits: { tickMs: 100 } }),
      write: async (values) =>
        void (await pool.query('insert into erp.notes (text) select unnest($1::text[])', [values])),
      valuesOf: ({ changes }) => changes.map(({ after }) => String(after?.text)),
      close: async () => {
        await dropTestSlot(erp.url, slot)
        await pool.end()
        await erp.drop()
      },
    }
  },
  { keepsTransactions: true },
)
