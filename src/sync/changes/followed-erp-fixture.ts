import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { createPostgresNameStore } from '#nlu'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { demoCatalog, demoMapping, openDemoErp } from '../../erp/demo-erp-fixture.ts'
import { fillWith } from '../copy/copy-fixture.ts'
import { createCopy } from '../copy/create-copy.ts'
import { createPostgresChangeSource } from './change-source.postgres.ts'
import { dropTestSlot } from './drop-slot-fixture.ts'
import type { FollowerOptions } from './follower-process-fixture.ts'
import { type ChangesDeps, changedTables, startFollowing } from './index.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const { signal } = new AbortController()

export type FollowedErp = Awaited<ReturnType<typeof openFollowedErp>>

/** The demo ERP with a filled copy of it, and those who follow it: in this process, or in processes of their own. */
export async function openFollowedErp() {
  const demo = await openDemoErp()
  const ours = await createTestDatabase()
  const server = await demo.serve()
  const { connector } = demo.connect([server.url])
  const writer = new pg.Pool({ connectionString: demo.databaseUrl, max: 4 })
  writer.on('error', () => undefined)
  const slot = `test_${randomBytes(6).toString('hex')}`
  const copy = createCopy({ database: ours.database, catalog: demoCatalog, log })
  const names = createPostgresNameStore(ours.database)
  const metrics = createMetrics()
  await copy.prepare()
  const children = new Set<ChildProcess>()

  /** As a full sync does: whatever is distrusted, or given, is read anew. */
  async function fill(entities?: readonly string[]): Promise<void> {
    for (const { entity, isFilled, distrusted } of await copy.state()) {
      if (entities ? !entities.includes(entity) : isFilled && !distrusted) continue
      const records = []
      let after: string | undefined
      do {
        const page = await connector.records?.readPage(entity, after, signal)
        records.push(...(page?.records ?? []))
        after = page?.next
      } while (after !== undefined)
      await fillWith(copy, entity, records, new Date().toISOString())
    }
  }

  function follow(more: Partial<ChangesDeps> & { checkMs?: number } = {}) {
    const source = createPostgresChangeSource({
      url: demo.databaseUrl,
      slot,
      tables: changedTables(more.catalog ?? demoCatalog),
      log: more.log ?? log,
      limits: { tickMs: 100 },
      checkMs: more.checkMs ?? 500,
    })
    const deps = { source, catalog: demoCatalog, database: ours.database, copy, records: connector.records, names }
    return startFollowing({ ...deps, metrics, log, ...more })
  }

  /** A worker of its own; kill it as you like. */
  async function forkFollower(): Promise<ChildProcess> {
    const access = { clientId: 'chatbot', clientSecret: 'secret', apiKey: 'key' }
    const options: FollowerOptions = {
      databaseUrl: ours.url,
      erpDatabaseUrl: demo.databaseUrl,
      erpUrls: [server.url],
      slot,
      access,
    }
    const child = fork(join(import.meta.dirname, 'follower-process-fixture.ts'), {
      env: { FOLLOWER: JSON.stringify(options) },
      execArgv: [],
    })
    children.add(child)
    child.once('exit', () => children.delete(child))
    await once(child, 'message')
    return child
  }

  return {
    demo,
    ours,
    slot,
    copy,
    names,
    metrics,
    fill,
    follow,
    fork: forkFollower,
    write: async (text: string, values: unknown[] = []) => (await writer.query(text, values)).rows,
    transact: async (work: (client: pg.PoolClient) => Promise<void>) => {
      const client = await writer.connect()
      try {
        await client.query('begin')
        await work(client)
        await client.query('commit')
      } finally {
        client.release()
      }
    },
    compare: (entity: string) => compareEntity(entity, demo, ours),
    async close() {
      for (const child of children) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      await connector.close()
      await writer.end()
      await ours.drop()
      await dropTestSlot(demo.databaseUrl, slot)
      await demo.close()
    },
  }
}

type Demo = Awaited<ReturnType<typeof openDemoErp>>
type Ours = Awaited<ReturnType<typeof createTestDatabase>>

/** Every row of the ERP's view and of the copy, in the same words and order: what an auditor would hold side by side. */
async function compareEntity(entity: string, demo: Demo, ours: Ours): Promise<{ erp: string[]; copy: string[] }> {
  const mapped = demoMapping.entities[entity]
  if (!mapped) throw new Error(`no entity ${entity}`)
  const columns = Object.entries(mapped.fields).sort()
  const erpList = columns.map(([, name]) => snakeCase(name)).join(', ')
  const key = mapped.key.map((name) => `${snakeCase(name)}::text`).join(', ')
  const erpRows = await demo.select(`select ${key} as _key, ${erpList} from odata.${snakeCase(mapped.set)}`)
  const { rows } = await sql<Record<string, unknown>>`select * from ${sql.id('copy', entity)}`.execute(
    ours.database.kysely,
  )
  const erp = erpRows.map((row) => [row._key, ...columns.map(([, name]) => plain(row[snakeCase(name)]))].join(' | '))
  const copy = rows.map((row) => [row._key, ...columns.map(([field]) => plain(row[field]))].join(' | '))
  return { erp: erp.sort(), copy: copy.sort() }
}

const snakeCase = (name: string): string => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase()

function plain(value: unknown): string {
  if (value instanceof Date) return value.toLocaleDateString('sv')
  const text = String(value)
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text
}
