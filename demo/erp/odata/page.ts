import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { badRequest } from './errors.ts'
import { type SqlParams, sqlTypes, type TypedSql } from './scope.ts'

export type OrderColumn = TypedSql & { isDescending: boolean }

const defaultPageSize = 1_000
const maxPageSize = 5_000

/** Where a page ended: the order values of its last row, rows already given, and rows a page. */
const tokenSchema = z.object({
  after: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).max(64),
  taken: z.number().int().min(0),
  size: z.number().int().min(1).max(maxPageSize),
})
export type PagePosition = z.infer<typeof tokenSchema>

/** Page size from `Prefer: odata.maxpagesize=N`; `applied` is the `Preference-Applied` value. More than 5,000 becomes 5,000. */
export function readPageSize(prefer: string | undefined): { size: number; applied?: string } {
  const wanted = Number(/(?:^|[,;\s])(?:odata\.)?maxpagesize\s*=\s*"?(\d{1,9})"?/i.exec(prefer ?? '')?.[1] ?? 0)
  if (wanted === 0) return { size: defaultPageSize }
  const size = Math.min(wanted, maxPageSize)
  return { size, applied: `odata.maxpagesize=${size}` }
}

/** Seals a position for one query: a token cannot be made up, nor used with other options. */
export function sealPosition(position: PagePosition, query: string, secret: string): string {
  const body = Buffer.from(JSON.stringify(position)).toString('base64url')
  return `${body}.${sign(body, query, secret)}`
}

/** Opens a `$skiptoken`. Throws a 400 when it is not one we gave for this query. */
export function openPosition(token: string, query: string, secret: string): PagePosition {
  const [body = '', signature = ''] = token.split('.', 2)
  const expected = Buffer.from(sign(body, query, secret))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw badRequest(
      'InvalidSkipToken',
      '$skiptoken is not one that was given for this query. Follow @odata.nextLink as it is.',
    )
  }
  return tokenSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString()))
}

function sign(body: string, query: string, secret: string): string {
  return createHmac('sha256', secret).update(body).update('\0').update(query).digest('base64url').slice(0, 27)
}

/** What of a request a token is bound to: everything but the token itself and how far it skips. */
export function fingerprint(path: string, query: URLSearchParams): string {
  const kept = [...query].filter(([name]) => name !== '$skiptoken')
  return createHash('sha256')
    .update(JSON.stringify([path, kept]))
    .digest('base64url')
}

/** ORDER BY text. Null is the lowest value in OData; where there is none, saying so would keep the key's index from being used. */
export function orderSql(columns: OrderColumn[]): string {
  const terms = columns.map(({ sql, isDescending, nullable }) => {
    const nulls = isDescending ? ' nulls last' : ' nulls first'
    return `${sql}${isDescending ? ' desc' : ''}${nullable ? nulls : ''}`
  })
  return terms.length > 0 ? ` order by ${terms.join(', ')}` : ''
}

/** The condition “comes after these values in that order”: a page begins where the last ended, also when rows came or went. */
export function afterSql(columns: OrderColumn[], after: PagePosition['after'], params: SqlParams): string {
  const equals: string[] = []
  const ways: string[] = []
  columns.forEach((column, i) => {
    const value = after[i] ?? null
    const bound =
      value === null || column.type === 'Null' ? undefined : params.bind(String(value), sqlTypes[column.type])
    const later = laterSql(column, bound)
    if (later) ways.push([...equals, later].join(' and '))
    equals.push(bound === undefined ? `${column.sql} is null` : `${column.sql} = ${bound}`)
  })
  return ways.length > 0 ? `(${ways.map((way) => `(${way})`).join(' or ')})` : 'false'
}

function laterSql({ sql, isDescending, nullable }: OrderColumn, bound: string | undefined): string | undefined {
  if (bound === undefined) return isDescending ? undefined : `${sql} is not null`
  if (!isDescending) return `${sql} > ${bound}`
  return nullable ? `(${sql} < ${bound} or ${sql} is null)` : `${sql} < ${bound}`
}
