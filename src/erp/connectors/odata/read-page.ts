import { z } from 'zod'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { RetryableReply } from '../http/retry-call.ts'
import { parseExact } from '../read-cells.ts'

/** A record as it came, every number the text that it was. */
export type RawRecord = Record<string, unknown>
export type Page = { records: RawRecord[]; nextLink?: string; count?: number }

/** Looking at the properties of each, too, would take as long as parsing them: whoever reads one does. */
const records = z.array(z.custom<RawRecord>((value) => isRecord(value)))
const link = z.string().max(16_384).optional()
const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .optional()

const pageV4 = z.object({ value: records, '@odata.nextLink': link, '@odata.count': count })
const pageV2 = z.object({
  d: z.union([
    records.transform((results) => ({ results })),
    z.object({ results: records, __next: link, __count: count }),
  ]),
})

/** Reads a page of either version. Throws RetryableReply for anything that is not exactly such a page. */
export function readPage(text: string, version: 2 | 4): Page {
  const parsed = (version === 2 ? pageV2.transform(fromV2) : pageV4.transform(fromV4)).safeParse(parseExact(text))
  if (!parsed.success) throw new RetryableReply('not a page of an OData collection')
  const { records: rows, nextLink, count: total } = parsed.data
  return {
    records: rows,
    ...(nextLink === undefined ? {} : { nextLink }),
    ...(total === undefined ? {} : { count: Number(total) }),
  }
}

type Parsed = { records: RawRecord[]; nextLink?: string | undefined; count?: string | undefined }

function fromV4(page: z.output<typeof pageV4>): Parsed {
  return { records: page.value, nextLink: page['@odata.nextLink'], count: page['@odata.count'] }
}

function fromV2({ d }: z.output<typeof pageV2>): Parsed {
  return '__next' in d || '__count' in d
    ? { records: d.results, nextLink: d.__next, count: d.__count }
    : { records: d.results }
}

/**
 * The lines of a record, expanded in the same reply. Throws RetryableReply when there is no such collection, ERP_BAD_REPLY
 * when it came in part: the rest is behind a link of its own.
 */
export function linesOf(record: RawRecord, lines: string): RawRecord[] {
  const own = record[lines]
  const list = isRecord(own) && 'results' in own ? own.results : own
  const isPart = record[`${lines}@odata.nextLink`] !== undefined || (isRecord(own) && own.__next !== undefined)
  if (isPart) throw new AppError(erpErrors.badReply, { cause: new Error('the lines of a document came in part') })
  const parsed = records.safeParse(list)
  if (!parsed.success) throw new RetryableReply('the lines of a document were expected')
  return parsed.data
}

/** The value at the end of a path; null when the record that it leads to is none, undefined when it did not come. */
export function valueAt(record: RawRecord, path: readonly string[]): unknown {
  let at: unknown = record
  for (const step of path) {
    if (at === null) return null
    if (!isRecord(at)) return undefined
    at = at[step]
  }
  return at
}

function isRecord(value: unknown): value is RawRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
