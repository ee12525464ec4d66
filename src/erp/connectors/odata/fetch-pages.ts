import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import type { Row } from '../../query-answer.ts'
import { RetryableReply } from '../http/retry-call.ts'
import type { Server } from '../http/server-group.ts'
import type { Dialect } from './dialect.ts'
import type { ODataClient } from './odata-client.ts'
import { type Page, type RawRecord, readPage } from './read-page.ts'
import type { ReadRows } from './read-rows.ts'

/** `endsAt` bounds the first page, `budgetMs` each further one, `pagingMs` all of them. */
type PageLimits = { endsAt: number; budgetMs: number; pagingMs: number; pageSize: number | undefined }

/** One server, asked for one fetch: rows of two never mix. */
export type Asking = { client: ODataClient; server: Server; limits: PageLimits; signal: AbortSignal }

/** A set to be read: where, how its records become rows, how many records are enough and how many rows too many. */
export type PageRequest = {
  path: string
  dialect: Dialect
  read: ReadRows
  isAggregate: boolean
  /** Whether each record comes with its lines. */
  hasLines: boolean
  /** The properties that tell records apart. */
  key: readonly string[]
  enough?: number | undefined
  maxRows: number
}

export type Pages = { rows: Row[]; count: number; asOf: string; calls: number }
type Reading = Pages & { records: number; keys: Set<string> }

/** How often a set is read anew when it changed under our reading. */
const mostRounds = 3

/**
 * The pages of one server to the end, or until there are enough. Throws QUERY_TOO_BIG rather than stopping early, ERP_CHANGING
 * when as many different records as the ERP counts never come.
 */
export async function fetchPages(asking: Asking, request: PageRequest): Promise<Pages> {
  const lastStart = performance.now() + asking.limits.pagingMs
  let calls = 0
  for (let round = 0; round < mostRounds; round += 1) {
    const reading = await readOnce(asking, request, lastStart)
    calls += reading.calls
    if (isWhole(reading, request)) {
      const { rows, asOf, count } = reading
      return { rows, asOf, count, calls }
    }
  }
  throw new AppError(erpErrors.changing)
}

async function readOnce(asking: Asking, request: PageRequest, lastStart: number): Promise<Reading> {
  const reading: Reading = { rows: [], count: Number.NaN, asOf: '', calls: 0, records: 0, keys: new Set() }
  for (let url: URL | undefined = firstUrl(asking, request); url; ) {
    if (performance.now() > lastStart) throw new AppError(erpErrors.tooBig)
    const page = await askPage(asking, request, { url, isFirst: reading.calls === 0 })
    reading.calls += 1
    if (reading.calls === 1) Object.assign(reading, { asOf: page.asOf, count: page.count ?? Number.NaN })
    reading.records += page.length
    for (const row of page.rows) reading.rows.push(row)
    for (const key of page.keys) reading.keys.add(key)
    if (reading.rows.length > request.maxRows) throw new AppError(erpErrors.tooBig)
    const isEnough = request.enough !== undefined && reading.records >= request.enough
    url = isEnough ? undefined : nextUrl(asking, request, { page, current: url, reading })
  }
  if (Number.isNaN(reading.count)) reading.count = reading.records
  return reading
}

type KeptPage = { rows: Row[]; keys: string[]; length: number; nextLink: string | undefined; count: number | undefined }

async function askPage(
  { client, server, limits, signal }: Asking,
  request: PageRequest,
  { url, isFirst }: { url: URL; isFirst: boolean },
): Promise<KeptPage & { asOf: string }> {
  const { dialect, isAggregate } = request
  const endsAt = isFirst ? limits.endsAt : performance.now() + limits.budgetMs
  const pageSize = pageSizeOf(limits, request)
  // Records are read within the call, so that half a page is asked for again.
  const read = (text: string) => {
    const page = readPage(text, dialect.version)
    if (isFirst && isCounted(request) && page.count === undefined) throw new RetryableReply('a count was asked for')
    return keep(page, request)
  }
  const { page, asOf } = await client.getPage({ server, dialect, isAggregate, pageSize, url, endsAt, read }, signal)
  return { ...page, asOf }
}

function keep({ records, nextLink, count }: Page, request: PageRequest): KeptPage {
  const keys = isCounted(request) ? records.map((record) => keyOf(record, request.key)) : []
  return { rows: records.flatMap(request.read), keys, length: records.length, nextLink, count }
}

function keyOf(record: RawRecord, key: readonly string[]): string {
  return JSON.stringify(key.map((name) => record[name]))
}

/** Whether all records are to be as many as the ERP counts. */
function isCounted({ dialect, isAggregate }: PageRequest): boolean {
  return dialect.counted && !isAggregate
}

/** Whether as many different records came as there are, where that was asked for. */
function isWhole({ count, records, keys }: Reading, request: PageRequest): boolean {
  if (!isCounted(request)) return true
  return records === keys.size && records >= Math.min(request.enough ?? count, count)
}

function firstUrl({ client, server, limits }: Asking, request: PageRequest): URL {
  const url = client.address(server, request.path)
  return request.dialect.paging === 'offset' ? slice(url, 0, topOf(limits, request)) : url
}

/**
 * The next page: where the server says, which must be another one of the same server, because credentials go nowhere else; or
 * behind what has come, where only the count tells that a page was the last.
 */
function nextUrl(
  { client, server, limits }: Asking,
  request: PageRequest,
  { page, current, reading }: { page: KeptPage; current: URL; reading: Reading },
): URL | undefined {
  const { nextLink, length } = page
  if (nextLink === undefined) {
    const isMore = request.dialect.paging === 'offset' && length > 0 && reading.records < reading.count
    return isMore ? slice(client.address(server, request.path), reading.records, topOf(limits, request)) : undefined
  }
  const next = URL.canParse(nextLink, current.href) ? new URL(nextLink, current.href) : undefined
  if (next?.origin !== current.origin || next.href === current.href) {
    throw new AppError(erpErrors.badReply, { cause: new Error('the next page is elsewhere') })
  }
  return client.address(server, next.href)
}

function topOf(limits: PageLimits, request: PageRequest): number {
  return Math.min(pageSizeOf(limits, request), request.enough ?? Number.POSITIVE_INFINITY)
}

function pageSizeOf({ pageSize }: PageLimits, { dialect, hasLines }: PageRequest): number {
  return pageSize ?? (hasLines ? dialect.documentPageSize : dialect.pageSize)
}

/** A part of a set. Written by hand: a form's `+` for a space is not one everywhere. */
function slice(url: URL, skip: number, top: number): URL {
  return new URL(`${url.href}${skip > 0 ? `&$skip=${skip}` : ''}&$top=${top}`)
}
