import { z } from 'zod'

/** What the ERP can be told to do wrong, so that a client's handling of it can be tested. */
export const faultKinds = [
  '401',
  '403',
  '429',
  '500',
  '503', // with the page of a maintenance
  'hang',
  'reset',
  'drip', // a byte now and then
  'redirect', // to `location`
  'html',
  'error-inside', // status 200 and an error
  'huge', // without end
  'gzip', // a few kilobytes that would become a hundred megabytes
  'half-page',
  'wrong-types', // every value of every row in a list
] as const
type FaultKind = (typeof faultKinds)[number]
/** Those that spoil a page rather than take its place. */
const spoiling: readonly FaultKind[] = ['half-page', 'wrong-types']

const orderSchema = z.strictObject({
  kind: z.enum(faultKinds),
  /** How many of the next calls go wrong; 0 takes the ones ordered back. */
  times: z.number().int().min(0).max(10_000).default(1),
  /** Which calls: to the data or to the token endpoint. */
  at: z.enum(['odata', 'token']).default('odata'),
  /** How many calls go well before. */
  skip: z.number().int().min(0).max(10_000).default(0),
  /** Seconds in the Retry-After of a 429 or 503. */
  retryAfterS: z.number().int().min(0).max(3_600).default(1),
  /** Says when by a date, of this server's own clock. */
  asDate: z.boolean().default(false),
  location: z.url().default('http://127.0.0.1:9/'),
})
export type Fault = Pick<z.infer<typeof orderSchema>, 'kind' | 'retryAfterS' | 'asDate' | 'location'>

export type FaultBox = {
  /** Takes the body of `POST /demo/faults`; gives back what is now ordered, or undefined when it cannot be read. */
  order: (body: string) => { kind: FaultKind; at: string; left: number }[] | undefined
  /** The fault for a call that came in now, if one is ordered. */
  take: (at: 'odata' | 'token') => Fault | undefined
}

/** Faults happen in the order in which they were ordered. */
export function createFaultBox(): FaultBox {
  let waiting: (z.infer<typeof orderSchema> & { left: number })[] = []
  return {
    order(body) {
      const parsed = orderSchema.safeParse(parseJson(body))
      if (!parsed.success) return undefined
      const { kind, at, times } = parsed.data
      if (times === 0) waiting = waiting.filter((fault) => fault.kind !== kind || fault.at !== at)
      else waiting.push({ ...parsed.data, left: times })
      return waiting.map((fault) => ({ kind: fault.kind, at: fault.at, left: fault.left }))
    },
    take(at) {
      const found = waiting.find((fault) => fault.at === at)
      if (!found) return undefined
      if (found.skip > 0) {
        found.skip -= 1
        return undefined
      }
      found.left -= 1
      waiting = waiting.filter((fault) => fault.left > 0)
      return found
    },
  }
}

/** Whether it needs the page that it spoils. */
export function isSpoiling({ kind }: Fault): boolean {
  return spoiling.includes(kind)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
