import pg from 'pg'
import { inject } from 'vitest'
import { prepareErp } from './prepare-erp.ts'
import { type ErpServer, type ErpServerOptions, serveErp } from './serve-erp.ts'

/** The day and seed the tests' data is for. */
export const testErpDay = '2026-11-23'
const seed = 1
const adminLock = 4_004_001

export type TestErp = AsyncDisposable & {
  /** Primary first, then a standby over the same data. */
  instances: [ErpServer, ErpServer]
  credentials: Pick<ErpServerOptions, 'apiKey'> & { clientId: string; clientSecret: string }
  databaseUrl: string
  /** Asks the database directly: what an answer is compared with. Numbers come as exact text. */
  sql: (text: string, values?: unknown[]) => Promise<Record<string, string | number | null>[]>
  /** Orders a fault of an instance, as `POST /demo/faults` takes it. */
  orderFault: (
    fault: { kind: string; times?: number; at?: string; retryAfterS?: number },
    instance?: 0 | 1,
  ) => Promise<void>
}

/**
 * The demo ERP for an integration test: two instances over one filled database, which all tests of a run share and none
 * changes. The first call of a run fills it, which takes seconds. `await using` stops the instances.
 */
export async function startTestErp(options: Partial<ErpServerOptions> = {}): Promise<TestErp> {
  const databaseUrl = await ensureDatabase(inject('postgresUrl'), 'demo_erp_test')
  await prepareErp({ databaseUrl, today: testErpDay, seed })
  const client = { clientId: 'erp-chatbot', clientSecret: 'test: secret+%' }
  const settings = {
    databaseUrl,
    port: 0,
    clients: [client],
    apiKey: 'test-api-key',
    signingSecret: 'test-signing-secret',
  }
  const instances: TestErp['instances'] = [
    await serveErp({ ...settings, faults: true, ...options }),
    await serveErp({ ...settings, faults: true, ...options }),
  ]
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  return {
    instances,
    credentials: { ...client, apiKey: settings.apiKey },
    databaseUrl,
    sql: async (text, values = []) => (await database.query(text, values)).rows,
    async orderFault(fault, instance = 0) {
      const reply = await fetch(`${instances[instance].url}/demo/faults`, {
        method: 'POST',
        body: JSON.stringify(fault),
      })
      if (!reply.ok) throw new Error(`The fault was not taken: ${reply.status}`)
    },
    async [Symbol.asyncDispose]() {
      await database.end()
      await Promise.all(instances.map((instance) => instance.close()))
    },
  }
}

async function ensureDatabase(adminUrl: string, name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await admin.query('select pg_advisory_lock($1)', [adminLock])
    const found = await admin.query('select 1 from pg_database where datname = $1', [name])
    if (found.rowCount === 0) await admin.query(`create database ${name} template template0`)
  } finally {
    await admin.end()
  }
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}
