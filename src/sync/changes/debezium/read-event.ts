import { z } from 'zod'
import { AppError } from '#platform/errors'
import type { ChangeRow, TableChange } from '../change-source.ts'
import { changesErrors } from '../errors.ts'
import { type ConnectSchema, readColumn } from './read-column.ts'

/**
 * `server`: the Debezium connector's name of the database. `after`: where in the server's log the commit is that the event's own
 * transaction follows; unlike `source.lsn` it never goes back from one event to the next. Undefined where Debezium doesn't know.
 */
export type DebeziumEvent = { server: string; after: bigint | undefined; change: TableChange }

/** By version: up to 2.5, and from 2.6. */
const eventTypes = new Set([
  'io.debezium.postgresql.datachangeevent',
  'io.debezium.connector.postgresql.DataChangeEvent',
])

const whole = z.union([z.number().int().nonnegative(), z.string().regex(/^\d+$/)])
const row = z.record(z.string(), z.unknown()).nullish()
const eventSchema = z.object({
  op: z.enum(['c', 'u', 'd', 'r', 't', 'm']),
  before: row,
  after: row,
  source: z.object({
    name: z.string().min(1).max(200),
    schema: z.string().min(1),
    table: z.string().min(1),
    lsn: whole,
    ts_ms: whole,
    /** `["LSN of the last commit","LSN of the event"]`, as text. */
    sequence: z.string().nullish(),
  }),
})

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Events of one request: one, or a list; with `ce-` headers what they say of the one in the body. Throws CHANGES_EVENT, CHANGES_VALUE. */
export function readEvents(body: unknown, headers: Record<string, unknown>): DebeziumEvent[] {
  if (headers['ce-specversion'] !== undefined) return readEvent({ ...attributesOf(headers), data: body })
  return Array.isArray(body) ? body.flatMap(readEvent) : readEvent(body)
}

/** CloudEvents in binary mode: attributes are headers. */
function attributesOf(headers: Record<string, unknown>): Json {
  const named = Object.entries(headers).filter(([name]) => name.startsWith('ce-'))
  return Object.fromEntries(named.map(([name, value]) => [name.slice(3), value]))
}

/** Nothing for what tells of no row: tombstones, heartbeats, transaction marks, logical messages. */
function readEvent(event: unknown): DebeziumEvent[] {
  if (event === null) return []
  if (!isObject(event)) throw unreadable('an object was expected')
  const { content, schema } = 'specversion' in event ? openCloudEvent(event) : unwrap(event)
  if (content === null || isNoChange(content)) return []
  const parsed = eventSchema.safeParse(content)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw unreadable(`${issue?.path.join('.') || 'event'}: ${issue?.message ?? 'not as expected'}`)
  }
  return toChange(parsed.data, schema)
}

const isNoChange = (content: Json): boolean =>
  !('op' in content) && !('source' in content) && ('ts_ms' in content || 'status' in content)

/** With schemas, the converter wraps the value in `{schema, payload}`. */
function unwrap(event: Json): { content: Json | null; schema: ConnectSchema | undefined } {
  if (!('payload' in event)) return { content: event, schema: undefined }
  const { payload, schema } = event
  if (payload === null) return { content: null, schema: undefined }
  if (!isObject(payload)) throw unreadable('payload: an object was expected')
  return { content: payload, schema: isObject(schema) ? (schema as ConnectSchema) : undefined }
}

/** Debezium's attributes of a CloudEvent are the fields of the plain event's source. */
function openCloudEvent(event: Json): { content: Json | null; schema: ConnectSchema | undefined } {
  if (!eventTypes.has(String(event.type))) throw unreadable(`type: ${String(event.type).slice(0, 80)} is not known`)
  if (!isObject(event.data)) throw unreadable('data: a JSON object was expected')
  const { content, schema } = unwrap(event.data)
  const source = {
    name: event.iodebeziumname,
    schema: event.iodebeziumschema,
    table: event.iodebeziumtable,
    lsn: event.iodebeziumlsn,
    ts_ms: event.iodebeziumtsms,
    sequence: event.iodebeziumsequence,
  }
  return {
    content: content && { op: event.iodebeziumop, before: content.before, after: content.after, source },
    schema,
  }
}

const kinds = { c: 'insert', r: 'insert', u: 'update', d: 'delete', t: 'truncate' } as const

function toChange({ op, before, after, source }: z.infer<typeof eventSchema>, schema?: ConnectSchema): DebeziumEvent[] {
  if (op === 'm') return []
  const table = `${source.schema}.${source.table}`
  const columns = (part: 'before' | 'after', values: Json | null | undefined) =>
    values
      ? {
          [part]: readRow(
            values,
            schema?.fields?.find(({ field }) => field === part),
            table,
          ),
        }
      : {}
  if (op !== 'd' && op !== 't' && !after) throw unreadable('after: the row is not there')
  const committedAt = new Date(Number(source.ts_ms)).toISOString()
  const change: TableChange = {
    table,
    kind: kinds[op],
    ...columns('before', before),
    ...columns('after', after),
    committedAt,
  }
  return [{ server: source.name, after: lastCommit(source.sequence), change }]
}

function lastCommit(sequence: string | null | undefined): bigint | undefined {
  const [, lsn] = /^\s*\[\s*"?(\d+)"?/.exec(sequence ?? '') ?? []
  return lsn === undefined ? undefined : BigInt(lsn)
}

function readRow(values: Json, schema: ConnectSchema | undefined, table: string): ChangeRow {
  const types = new Map((schema?.fields ?? []).map((field) => [field.field, field]))
  return Object.fromEntries(
    Object.entries(values).map(([column, value]) => [column, readColumn(value, types.get(column), { table, column })]),
  )
}

const unreadable = (problem: string) => new AppError(changesErrors.event, { params: { problem } })
