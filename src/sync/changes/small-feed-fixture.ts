import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import type { Catalog } from '#catalog'
import type { NameEntry } from '#nlu'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { demoCatalog } from '../../erp/demo-erp-fixture.ts'
import { fillWith } from '../copy/copy-fixture.ts'
import { createCopy } from '../copy/create-copy.ts'
import { createPostgresChangeSource } from './change-source.postgres.ts'
import { dropTestSlot } from './drop-slot-fixture.ts'
import { changedTables, startFollowing } from './index.ts'
import type { StreamLimits } from './postgres/stream-changes.ts'

/** Two tables that have all of their entities' fields, so that nobody needs to be asked. */
const smallCatalog: Catalog = {
  ...demoCatalog,
  mapping: {
    ...demoCatalog.mapping,
    changes: {
      source: 'postgres',
      tables: {
        'erp.vendors': [
          {
            entity: 'vendor',
            key: ['vendor_id'],
            fields: { name: 'name', bizNo: 'biz_no', ceo: 'ceo', phone: 'phone' },
          },
        ],
        'erp.items': [
          {
            entity: 'item',
            key: ['item_code'],
            fields: { code: 'item_code', name: 'name', category: 'category', unitPrice: 'unit_price' },
          },
        ],
      },
    },
  },
}

const tables = `create schema erp;
  create table erp.vendors (vendor_id text primary key, name text not null, biz_no text, ceo text, phone text);
  create table erp.items (item_code text primary key, name text not null, category text, unit_price numeric(18, 2));
  create table erp.noise (id serial primary key, text text)`

export type SmallFeed = Awaited<ReturnType<typeof openSmallFeed>>

/** An ERP of two tables in a database of its own, or the one given, and the copy that follows it. */
export async function openSmallFeed(erpUrl?: string) {
  const ours = await createTestDatabase()
  const theirs = erpUrl === undefined ? await createTestDatabase({ empty: true }) : undefined
  const url = erpUrl ?? theirs?.url ?? ''
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  pool.on('error', () => undefined)
  const select = async (text: string, values: unknown[] = []) => (await pool.query(text, values)).rows
  await select(tables)
  const slot = `test_${randomBytes(6).toString('hex')}`
  const lines: Record<string, unknown>[] = []
  const log = createLogger({
    level: 'info',
    role: 'test',
    destination: { write: (line) => void lines.push(JSON.parse(line)) },
  })
  const metrics = createMetrics()
  const copy = createCopy({ database: ours.database, catalog: smallCatalog, log })
  await copy.prepare()
  const named: (readonly NameEntry[])[] = []
  const names = {
    change: async (added: readonly NameEntry[], removed: readonly NameEntry[]) =>
      void named.push(added, removed) !== null,
  }

  return {
    url,
    slot,
    ours,
    copy,
    named,
    metrics,
    select,
    logged: (message: RegExp) => lines.filter((line) => message.test(String(line.message))),
    follow(limits: Partial<StreamLimits> = {}) {
      const source = createPostgresChangeSource({
        url,
        slot,
        tables: changedTables(smallCatalog),
        log,
        limits: { tickMs: 50, ...limits },
        checkMs: 100,
      })
      const deps = { source, catalog: smallCatalog, database: ours.database, copy, records: undefined, names }
      return startFollowing({ ...deps, metrics, log })
    },
    /** As a full sync does; with what the ERP has now. */
    async fill(): Promise<void> {
      const vendors = await select(
        'select vendor_id as key, name, biz_no as "bizNo", ceo, phone from erp.vendors',
      ).catch(() => [])
      const items = await select(
        'select item_code as key, item_code as code, name, category, unit_price as "unitPrice" from erp.items',
      )
      const records = (rows: Record<string, string>[]) => rows.map(({ key = '', ...row }) => ({ key, row }))
      await fillWith(copy, 'vendor', records(vendors), new Date().toISOString())
      await fillWith(copy, 'item', records(items), new Date().toISOString())
    },
    copied: async (entity: string) => {
      const { rows } = await sql<
        Record<string, string | null>
      >`select * from ${sql.id('copy', entity)} order by _key`.execute(ours.database.kysely)
      return rows.map(({ _change_no, ...row }) => row)
    },
    stateOf: async (entity: string) => (await copy.state()).find((state) => state.entity === entity),
    metric: async (name: string) => {
      const text = await metrics.registry.getSingleMetricAsString(name)
      return Number(/ ([\d.e+-]+)$/m.exec(text)?.[1])
    },
    async close() {
      await dropTestSlot(url, slot)
      await pool.end()
      await theirs?.drop()
      await ours.drop()
    },
  }
}
