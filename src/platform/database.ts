import { promises as fs } from 'node:fs'
import path from 'node:path'
import { Kysely, type LogEvent, PostgresDialect, sql } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import pg from 'pg'
import type { Logger } from './log.ts'
import { measurePool } from './measure-pool.ts'
import type { Metrics } from './metrics.ts'
import { isRecordingSpans, noteSpan, spanTime } from './span.ts'

/** A pool of PostgreSQL connections. `url` carries the password: for opening a connection, never for a log. */
export type Database = {
  url: string
  kysely: Kysely<unknown>
  /** For readiness: rejects while the server does not answer. */
  check(): Promise<void>
  /** Connections: open, of them idle, and the queries that wait for one. */
  load(): { open: number; idle: number; waiting: number }
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

type Options = { url: string; log: Logger; metrics?: Metrics; poolSize?: number; statementTimeoutMs?: number }

const migrationTimeoutMs = 15 * 60_000
const migrationLock = 7_146_201_129

/**
 * Opens a pool lazily: an unreachable server shows at the first query. Every query has a deadline (10 s unless told).
 * `numeric` and `int8` come as strings and `date` as YYYY-MM-DD, so that nothing is rounded or moved by a time zone.
 */
export function openDatabase(options: Options): Database {
  const { url, log, metrics, poolSize = 10, statementTimeoutMs = 10_000 } = options
  const pool = openPool(url, poolSize, statementTimeoutMs)
  // Without a listener an idle connection that breaks ends the process.
  pool.on('error', (error) => log.warn({ err: error }, 'An idle database connection broke'))
  if (metrics) measurePool(metrics, pool, poolSize)
  // The library times queries only when somebody listens.
  const listener = isRecordingSpans() ? { log: noteQuery } : {}
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }), ...listener })
  const load = () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount })
  const close = () => kysely.destroy()
  const check = async () => void (await sql`select 1`.execute(kysely))
  return { url, kysely, load, check, close, [Symbol.asyncDispose]: close }
}

/**
 * Brings the schema up to date with the numbered files of `folder` and returns the names of those it ran.
 * It uses a connection of its own, because a migration may take minutes. Processes that start together take turns;
 * the later ones find nothing left to do.
 */
export async function migrateDatabase(db: Database, folder: string): Promise<string[]> {
  const pool = openPool(db.url, 1, migrationTimeoutMs)
  pool.on('error', () => undefined) // The running query fails with the same error.
  await using own = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  const provider = new FileMigrationProvider({ fs, path, migrationFolder: path.resolve(folder) })
  // The migrator has a lock of its own, but looks at the schema before it takes it, and fails when another one changes that meanwhile.
  // Ours is held until the connection, the only one, closes.
  await sql`select pg_advisory_lock(${sql.lit(migrationLock)})`.execute(own)
  const { error, results = [] } = await new Migrator({ db: own, provider }).migrateToLatest()
  if (error) throw error
  return results.map((result) => result.migrationName)
}

function openPool(url: string, size: number, timeoutMs: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: 'erp-chatbot',
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: timeoutMs,
    idle_in_transaction_session_timeout: timeoutMs,
    // The server's own timeout says nothing when the network is gone.
    query_timeout: timeoutMs + 2_000,
    types: { getTypeParser: readType },
  })
  // The pool listens to connections that are idle only: one that breaks between two statements of a transaction would end the
  // process. Its next statement fails with the same error.
  pool.on('connect', (connection) => connection.on('error', () => undefined))
  return pool
}

/** A query's span: its verb and its table, never the statement, whose literals may say more. */
function noteQuery({ level, query, queryDurationMillis }: LogEvent): void {
  const summary = summarizeSql(query.sql)
  const endMs = spanTime()
  const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': summary }
  noteSpan({
    ...{ name: summary, kind: 'client', attributes },
    ...{ startMs: endMs - queryDurationMillis, endMs, isError: level === 'error' },
  })
}

/** `select "turns"`: the first word of a statement and the first table that is named in it; without one the word alone. */
export function summarizeSql(statement: string): string {
  const bare = statement.replaceAll(/'[^']*'/g, '')
  const verb = /^\s*([a-z]{1,12})\b/i.exec(bare)?.[1]?.toLowerCase() ?? 'query'
  const table = /\b(?:from|into|update|table)\s+"?([a-z_]\w{0,62})"?/i.exec(bare)?.[1]
  return table === undefined ? verb : `${verb} ${table}`
}

function readType(oid: number, format?: string): ReturnType<typeof pg.types.getTypeParser> {
  if (oid === pg.types.builtins.DATE) return (text: string) => text
  return pg.types.getTypeParser(oid, format as 'text')
}
