import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareErp } from '../demo/erp/prepare-erp.ts'
import { ensureOwnedDatabase } from '../demo/postgres/databases.ts'
import { startPostgres } from '../demo/postgres.ts'
import { benchDay } from './erp-questions.ts'

/** The credentials that the ERP process takes. */
export const erpAccess = { clientId: 'bench', clientSecret: 'bench-secret', apiKey: 'bench-key' }

type ErpProcess = AsyncDisposable & { url: string; databaseUrl: string }

/** The demo ERP of the bench's day, in a process of its own, over a PostgreSQL that is thrown away with it. */
export async function startErpProcess(): Promise<ErpProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-'))
  await using resources = new AsyncDisposableStack()
  resources.defer(() => rm(dataDir, { recursive: true, force: true }))
  const postgres = await startPostgres({ dataDir, settings: { fsync: 'off' } })
  resources.defer(() => postgres.stop())
  const owner = { database: 'erp', owner: 'erp', password: 'bench' }
  const databaseUrl = await ensureOwnedDatabase(postgres.url('postgres'), owner)
  await prepareErp({ databaseUrl, today: benchDay, seed: 1 })
  const child = fork(new URL('../demo/erp/main.ts', import.meta.url), {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      ERP_CLIENT_ID: erpAccess.clientId,
      ERP_CLIENT_SECRET: erpAccess.clientSecret,
      ERP_API_KEY: erpAccess.apiKey,
      ERP_SIGNING_SECRET: 'bench-signing',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  resources.defer(async () => {
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  })
  const [{ url }] = (await once(child, 'message')) as [{ url: string }]
  const held = resources.move()
  return { url, databaseUrl, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
