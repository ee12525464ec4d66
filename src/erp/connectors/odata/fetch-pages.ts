import { AppError } from '#platform/errors'
import type { FetchResult, FetchSpec } from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import type { Row } from '../../query-answer.ts'
import type { Server } from '../http/server-group.ts'
import type { ODataClient, PageCall } from './odata-client.ts'
import type { Page } from './read-page.ts'

/** `endsAt` bounds the first page, `budgetMs` each further one, `pagingMs` all of them. */
export type PageLimits = { endsAt: number; budgetMs: number; pagingMs: number }

type Source = { client: ODataClient; server: Server; read: (text: string) => Page }
type Fetched = Omit<FetchResult, 'source'>

/**
 * Follows the pages of one server to the end: rows of two servers, or of half the pages, never mix. Throws QUERY_TOO_BIG
 * rather than stopping early.
 */
export async function fetchPages(
  source: Source,
  { path, spec }: { path: string; spec: FetchSpec },
  limits: PageLimits,
  signal: AbortSignal,
): Promise<Fetched> {
  const lastStart = performance.now() + limits.pagingMs
  const isAggregate = spec.kind === 'groups'
  const rows: Row[] = []
  let first: { asOf: string; count: number | undefined } | undefined
  let url: URL | undefined = new URL(path, source.server.url)
  let calls = 0
  while (url) {
    if (calls > 0 && performance.now() > lastStart) throw new AppError(erpErrors.tooBig)
    const endsAt = calls === 0 ? limits.endsAt : performance.now() + limits.budgetMs
    const call: PageCall<Page> = {
      server: source.server,
      path: url.pathname + url.search,
      isAggregate,
      read: source.read,
      endsAt,
    }
    const { page, asOf } = await source.client.getPage(call, signal)
    calls += 1
    first ??= { asOf, count: page.count }
    for (const row of page.rows) rows.push(row)
    if (rows.length > spec.maxRows) throw new AppError(erpErrors.tooBig)
    const isEnough = spec.limit !== undefined && rows.length >= spec.limit
    url = isEnough ? undefined : nextUrl(page.nextLink, url)
  }
  return {
    rows: rows.slice(0, spec.limit),
    count: first?.count ?? rows.length,
    asOf: first?.asOf ?? '',
    calls,
  }
}

/** The next page, which must be another one of the same server: credentials go nowhere else. */
function nextUrl(nextLink: string | undefined, current: URL): URL | undefined {
  if (nextLink === undefined) return undefined
  const next = URL.canParse(nextLink, current.href) ? new URL(nextLink, current.href) : undefined
  if (next?.origin !== current.origin || next.href === current.href) {
    throw new AppError(erpErrors.badReply, { cause: new Error('the next page is elsewhere') })
  }
  return next
}
