import { sql } from 'kysely'
import type { Catalog } from '#catalog'
import type { Row } from '#erp'
import { createLogger } from '#platform/log'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { catalog } from '../../erp/small-erp-fixture.ts'
import type { CopyRecord, RecordChange } from './copy.ts'
import { createCopyConnector } from './copy-connector.ts'
import { createCopy } from './create-copy.ts'

export const log = createLogger({ level: 'silent', role: 'test' })
export const asOf = '2026-11-23T02:00:00.000Z'

/** A copy of the small catalog on a database of its own, and ways to look at its items. */
export async function openItems() {
  const db = await createTestDatabase()
  const { kysely } = db.database
  const open = (of: Catalog = catalog) => createCopy({ database: db.database, catalog: of, log })

  async function read(of: Catalog = catalog): Promise<Row[]> {
    const connector = createCopyConnector({ database: db.database, catalog: of })
    const { rows } = await connector.fetch(
      {
        kind: 'records',
        entity: 'item',
        fields: ['code', 'name', 'category', 'unitPrice'],
        filter: { is: 'every', of: [] },
        orderBy: [{ by: 'code', descending: false }],
        maxRows: 10_000,
      },
      new AbortController().signal,
    )
    return rows
  }

  return {
    db,
    /** A copy as another process would open it. */
    open,
    read,
    stateOf: async (entity: string) => (await open().state()).find((one) => one.entity === entity),
    /** Everything as it is at the first start. */
    reset: async () => {
      await open().prepare()
      await sql`truncate copy.item, copy.vendor, copy_positions, copy_fills, copy_removed, copy_touched`.execute(kysely)
      await sql`drop table if exists copy.item_fill`.execute(kysely)
      await sql`update copy_entities set filled_at = null, as_of = null, distrusted_at = null, records = 0`.execute(
        kysely,
      )
    },
  }
}

export const item = (code: string, unitPrice: string, name = 'Bearing'): Row => ({
  code,
  name,
  category: 'Part',
  unitPrice,
})
export const record = (code: string, unitPrice: string): CopyRecord => ({ key: code, row: item(code, unitPrice) })
export const put = (code: string, row: Row): RecordChange => ({ kind: 'put', entity: 'item', key: code, row })
export const remove = (code: string): RecordChange => ({ kind: 'remove', entity: 'item', key: code })
export const at = (position: string, instant = asOf) => ({ source: 'feed', position, at: instant })
export const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: Error) => error.message,
  )
