import { z } from 'zod'

/** What the ERP can be told to do wrong, so that a client's handling of it can be tested. */
const faultKinds = ['429', '500', 'hang', 'reset', 'half-page', 'html', '401'] as const
type FaultKind = (typeof faultKinds)[number]

const orderSchema = z.strictObject({
  kind: z.enum(faultKinds),
  /** How many of the next calls go wrong; 0 takes the ones ordered back. */
  times: z.number().int().min(0).max(10_000).default(1),
  /** Which calls: to the data or to the token endpoint. */
  at: z.enum(['odata', 'token']).default('odata'),
  /** Seconds in a 429's Retry-After. */
  retryAfterS: z.number().int().min(0).max(3_600).default(1),
})
export type Fault = { kind: FaultKind; retryAfterS: number }

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
      found.left -= 1
      waiting = waiting.filter((fault) => fault.left > 0)
      return found
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
