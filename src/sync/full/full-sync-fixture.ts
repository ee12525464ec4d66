import { sql } from 'kysely'
import type { RecordReader } from '#erp'
import { createLogger } from '#platform/log'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { demoCatalog, openDemoErp } from '../../erp/demo-erp-fixture.ts'
import { readAllRecords } from '../../erp/record-reader.contract.ts'
import { createCopy } from '../copy/create-copy.ts'
import { type FullSyncDeps, runFullSync } from './run-full-sync.ts'
import { createPostgresRunStore } from './run-store.postgres.ts'
import type { RunRequest } from './sync-run.ts'

export const log = createLogger({ level: 'silent', role: 'test' })
const { signal } = new AbortController()

type Options = Partial<Pick<FullSyncDeps, 'records' | 'pace'>> & Partial<RunRequest> & { signal?: AbortSignal }

/** The demo ERP, an empty copy of it, and full syncs between them. */
export async function openFullSync({ pageSize = 500 } = {}) {
  const demo = await openDemoErp()
  const server = await demo.serve()
  const limits = { pageSize, attemptMs: 2_000, baseDelayMs: 1, restMs: 1 }
  const { erp } = demo.connect([server.url], { limits })
  const ours = await createTestDatabase()
  const { database } = ours
  const copy = createCopy({ database, catalog: demoCatalog, log })
  await copy.prepare()
  const runs = createPostgresRunStore(database)
  const records = erp.records as RecordReader
  const pace = { pauseMs: 0, retryWaitsMs: [], mostGone: 0.5 }
  const deps: FullSyncDeps = { records, copy, runs, log, pace }

  return {
    demo,
    server,
    ours,
    copy,
    runs,
    deps,
    records,
    /** Opens a run and works on it to the end. */
    sync: async (
      entities: string[],
      { records: other, pace: paced, signal: stop = signal, ...request }: Options = {},
    ) => {
      const run = await runs.open({ trigger: 'manual', isForced: false, isWhole: false, ...request, entities })
      await runFullSync({ ...deps, records: other ?? records, pace: { ...pace, ...paced } }, run, stop)
      return await runs.read(run.run)
    },
    /** The records of the copy and of the ERP, as texts, in the same order. */
    compare: async (entity: string) => {
      const erpRecords = await readAllRecords(records, entity, signal)
      const { rows } = await sql<Record<string, unknown>>`select * from ${sql.id('copy', entity)}`.execute(
        database.kysely,
      )
      const own = rows.map(({ _key, _change_no, ...row }) => writeLine(_key, row))
      return { copy: own.sort(), erp: erpRecords.map(({ key, row }) => writeLine(key, row)).sort() }
    },
    close: async () => {
      await erp.close()
      await demo.close()
      await ours.drop()
    },
  }
}

function writeLine(key: unknown, row: Record<string, unknown>): string {
  const cells = Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])
  return JSON.stringify([key, ...cells.sort()])
}
