import type { Labels } from '#catalog'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { RetryableReply } from '../http/retry-call.ts'
import type { Server } from '../http/server-group.ts'
import { readWhole } from '../read-cells.ts'
import { type Dialect, DialectRefused, type Dialects, writeFunction } from './dialect.ts'
import type { FrappeClient } from './frappe-client.ts'
import { type MappedDocument, qualify, recordKey } from './locate-field.ts'
import type { FrappeRecord } from './read-reply.ts'
import { type List, writeList } from './write-list.ts'

/** How long all of one fetch may take to begin its last call, how long each call, and how many records a page has. */
export type AskingLimits = { budgetMs: number; pagingMs: number; pageSize: number }

/** Reads records. May throw RetryableReply: the call is repeated. */
type Read<T> = (records: FrappeRecord[]) => T

/** One server, asked for one fetch. */
export type Asking = {
  list<T>(list: List, read: Read<T>): Promise<T>
  /** A list with functions in its fields. Throws DialectRefused when the server takes them in neither dialect. */
  listWith<T>(write: (dialect: Dialect) => List, read: Read<T>): Promise<T>
  /** How many records pass, as the list itself counts them: `get_count` knows no permissions by user. */
  count(scope: List['scope']): Promise<number>
  /** When the documents that pass were last changed; null when there are none. */
  newest(scope: List['scope']): Promise<string | null>
  /** Throws QUERY_TOO_BIG when there is no time left for another call. */
  checkTime(): void
  /** Calls so far, and the instant of the first. */
  told(): { calls: number; asOf: string }
}

type Deps = { client: FrappeClient; dialects: Dialects; server: Server; limits: AskingLimits; signal: AbortSignal }

/** Binds what a fetch asks to one server: rows of two never mix. */
export function openAsking(deps: Deps, mapped: MappedDocument, label: Labels): Asking {
  const { client, dialects, server, limits, signal } = deps
  const lastStart = performance.now() + limits.pagingMs
  const told = { calls: 0, asOf: '' }

  async function send<T>(list: List, hasFunctions: boolean, read: Read<T>): Promise<T> {
    const endsAt = performance.now() + limits.budgetMs
    const call = { server, path: writeList(mapped, list), endsAt, label, hasFunctions, read }
    const { list: result, asOf } = await client.getList(call, signal)
    told.calls += 1
    if (told.asOf === '' || asOf < told.asOf) told.asOf = asOf
    return result
  }

  const listWith: Asking['listWith'] = (write, read) =>
    dialects.speak(server, (dialect) => send(write(dialect), true, read))

  return {
    list: (list, read) => send(list, false, read),
    listWith,
    count: async (scope) => {
      const column = mapped.lines ? qualify(recordKey(mapped)) : 'name'
      const counting = (dialect: Dialect): List => ({
        fields: [writeFunction(dialect, 'count', column, 'record_count')],
        scope,
        orderBy: [{ column: 'record_count', descending: true }],
        start: 0,
        length: 1,
      })
      try {
        return await listWith(counting, ([record]) => readCount(record?.record_count))
      } catch (error) {
        // Without a count no list is known to be whole.
        throw error instanceof DialectRefused ? new AppError(erpErrors.badReply, { cause: error }) : error
      }
    },
    newest: async (scope) => {
      const column = qualify({ docType: mapped.set, column: 'modified' })
      const fields = [mapped.lines ? `${column} as f_modified` : 'modified']
      const orderBy = [{ column, descending: true }]
      const list = { fields, scope, orderBy, start: 0, length: 1 }
      return send(list, false, ([record]) => (record ? String(record.f_modified ?? record.modified) : null))
    },
    checkTime: () => {
      if (performance.now() > lastStart) throw new AppError(erpErrors.tooBig)
    },
    told: () => told,
  }
}

function readCount(raw: unknown): number {
  const count = readWhole(raw)
  if (typeof count !== 'number') throw new RetryableReply('a count was expected')
  return count
}
