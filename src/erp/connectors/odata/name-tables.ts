import { RetryableReply } from '../http/retry-call.ts'
import type { Server } from '../http/server-group.ts'
import { untilAborted } from '../http/until-aborted.ts'
import type { Dialect } from './dialect.ts'
import { type Asking, fetchPages } from './fetch-pages.ts'
import type { MappedSet } from './mapped-set.ts'
import { writeWhere } from './split-filter.ts'
import { writeRecordRequest } from './write-request.ts'

/** The names behind the keys of the fields that a fetch is about. */
export type NameTables = { namesOf(field: string): ReadonlyMap<string, string> }

/** Names by key, of a set of master data: read whole, and kept for a while. */
export type NameKeeper = {
  /** The tables of these fields, and the calls that it took. `anew`: not those that were kept. Throws as `fetchPages`. */
  load(
    asking: Asking,
    mapped: MappedSet,
    fields: string[],
    anew?: boolean,
  ): Promise<{ tables: NameTables; calls: number }>
}

type Source = MappedSet['names'][string]
type Kept = { names: ReadonlyMap<string, string>; until: number }
/** `scopeOf`: conditions that hold for every set of a dialect: the company. */
type Deps = { now: () => Date; keepMs: number; maxNames: number; scopeOf: (dialect: Dialect) => string[] }

/** Names that differ from a moment ago are seen after `keepMs`; a fetch is never kept waiting for another's caller. */
export function keepNames({ now, keepMs, ...deps }: Deps): NameKeeper {
  const kept = new Map<string, Kept>()
  const pending = new Map<string, Promise<{ names: ReadonlyMap<string, string>; calls: number }>>()

  async function read(
    asking: Asking,
    source: Source,
    anew: boolean,
  ): Promise<{ names: ReadonlyMap<string, string>; calls: number }> {
    const key = idOf(asking.server, source)
    const found = kept.get(key)
    if (!anew && found && now().getTime() < found.until) return { names: found.names, calls: 0 }
    const running = pending.get(key) ?? readWhole(asking, source, deps).finally(() => pending.delete(key))
    pending.set(key, running)
    const result = await untilAborted(running, asking.signal)
    kept.set(key, { names: result.names, until: now().getTime() + keepMs })
    return result
  }

  return {
    load: async (asking, mapped, fields, anew = false) => {
      const named = [...new Set(fields)].filter((field) => Object.hasOwn(mapped.names, field))
      const results = await Promise.all(
        named.map(async (field) => [field, await read(asking, mapped.names[field] as Source, anew)] as const),
      )
      const tables = new Map(results.map(([field, { names }]) => [field, names]))
      return {
        tables: { namesOf: (field) => tables.get(field) ?? new Map() },
        calls: results.reduce((sum, [, { calls }]) => sum + calls, 0),
      }
    },
  }
}

function idOf({ name }: Server, { set, key, name: property, where }: Source): string {
  return JSON.stringify([name, set, key, property, where])
}

/** Reads for whoever waits, so it has a deadline of its own. */
async function readWhole(asking: Asking, source: Source, { maxNames, scopeOf }: Pick<Deps, 'maxNames' | 'scopeOf'>) {
  const { set, dialect, key, name, where } = source
  const own = { ...asking, signal: AbortSignal.timeout(asking.limits.pagingMs + asking.limits.budgetMs) }
  const filter = [...writeWhere(where, { types: {}, dialect }), ...scopeOf(dialect)].join(' and ') || undefined
  const path = writeRecordRequest({ set, dialect, paths: [[key], [name]], filter, orderBy: [[key, false]] })
  const { rows, calls } = await fetchPages(own, {
    path,
    dialect,
    key: [key],
    isAggregate: false,
    hasLines: false,
    maxRows: maxNames,
    read: (record) => [{ key: readText(record[key]), name: readText(record[name]) }],
  })
  const names = new Map<string, string>()
  for (const row of rows) if (row.name !== '') names.set(String(row.key), String(row.name))
  return { names, calls }
}

function readText(raw: unknown): string {
  if (raw === null) return ''
  if (typeof raw !== 'string') throw new RetryableReply('a text was expected')
  return raw
}
