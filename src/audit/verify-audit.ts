import type { Kysely } from 'kysely'
import type { Database } from '#platform/database'
import { firstHash, hashRow } from './audit-entry.ts'
import { type AuditTables, readRow } from './audit-table.ts'
import type { AuditSeal } from './seal-entry.ts'

/**
 * Whether the trail is as it was written. `id` is the first entry that is missing, altered or out of place; `forged`: the checkpoint
 * there was not made by us. `entries` are those that were walked.
 */
export type AuditVerdict =
  | { kind: 'intact'; entries: number; lastId: number; lastHash: string }
  | { kind: 'broken'; id: number; reason: 'missing' | 'altered' | 'forged' }

/** `seal`: also whether checkpoints are ours, which takes the key. `sinceCheckpoint`: only what came after the last one. */
type Options = { seal?: Pick<AuditSeal, 'markCheckpoint'>; sinceCheckpoint?: boolean }

type Checkpoint = { id: number; hash: Buffer; removesBefore: boolean; mark: Buffer }
type Place = { id: number; hash: Buffer }

const pageSize = 1_000

/**
 * Walks the chain, a page at a time, from its first entry or the checkpoint up to which entries were removed for their age. Entries
 * cut off its very end after the last checkpoint do not show: compare the count with the log's.
 */
export async function verifyAudit(
  db: Database,
  { seal, sinceCheckpoint = false }: Options = {},
): Promise<AuditVerdict> {
  const audit = db.kysely.withTables<AuditTables>()
  const checkpoints = await readCheckpoints(audit)
  const forged = seal && (await findForged(checkpoints, seal))
  if (forged) return { kind: 'broken', id: forged.id, reason: 'forged' }
  const start = checkpoints.findLast(({ removesBefore }) => removesBefore || sinceCheckpoint)
  return await walkChain(audit, start ?? { id: 0, hash: firstHash }, checkpoints)
}

async function walkChain(
  audit: Kysely<AuditTables>,
  start: Place,
  checkpoints: readonly Checkpoint[],
): Promise<AuditVerdict> {
  const expectedAt = new Map(checkpoints.map(({ id, hash }) => [id, hash]))
  let { id: lastId, hash } = start
  for (;;) {
    const page = await readPage(audit, lastId)
    for (const stored of page) {
      const row = readRow(stored)
      if (row.id !== lastId + 1) return { kind: 'broken', id: lastId + 1, reason: 'missing' }
      hash = hashRow(hash, row)
      const isAsWritten = hash.equals(stored.hash) && (expectedAt.get(row.id)?.equals(hash) ?? true)
      if (!isAsWritten) return { kind: 'broken', id: row.id, reason: 'altered' }
      lastId = row.id
    }
    if (page.length < pageSize) break
  }
  const isCutOff = checkpoints.some(({ id }) => id > lastId)
  if (isCutOff) return { kind: 'broken', id: lastId + 1, reason: 'missing' }
  return { kind: 'intact', entries: lastId - start.id, lastId, lastHash: hash.toString('hex') }
}

async function readPage(audit: Kysely<AuditTables>, after: number) {
  return await audit
    .selectFrom('audit_log')
    .selectAll()
    .where('id', '>', String(after))
    .orderBy('id')
    .limit(pageSize)
    .execute()
}

async function readCheckpoints(audit: Kysely<AuditTables>): Promise<Checkpoint[]> {
  const rows = await audit.selectFrom('audit_checkpoints').selectAll().orderBy('id').orderBy('made_at').execute()
  return rows.map(({ id, hash, removes_before: removesBefore, mark }) => ({
    id: Number(id),
    hash,
    removesBefore,
    mark,
  }))
}

async function findForged(checkpoints: Checkpoint[], seal: NonNullable<Options['seal']>) {
  for (const checkpoint of checkpoints) {
    if (!(await seal.markCheckpoint(checkpoint)).equals(checkpoint.mark)) return checkpoint
  }
  return undefined
}
