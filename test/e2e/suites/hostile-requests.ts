import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorBodySchema } from '../../../src/platform/envelope.ts'
import { type Operation, readApiDocument } from '../../support/api-document.ts'
import { requestsOf, sweepOf } from '../../support/hostile-request.ts'
import type { TestOffice } from '../../support/office.ts'
import { permitted, routeAccess } from '../../support/route-access.ts'
import { type RawReply, type RawRequest, sendRaw } from '../../support/send-raw.ts'

/** FUZZ_REQUESTS and FUZZ_SEED repeat or deepen a run. */
const wanted = Number(process.env.FUZZ_REQUESTS ?? 10_000)
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
const inFlight = 16
/** A test of the connection is dozens of calls at the ERP, a full sync reads it whole, and the trail grows with every request. */
const slow: Record<string, number> = {
  'POST /api/v1/erp/connection/test': 20,
  'POST /api/v1/sync/runs': 100,
  'GET /api/v1/audit/export': 60,
}

type Sent = { operation: Operation; request: RawRequest }

/** Requests made from the API document, well-formed and broken, at every route. */
export function describeHostileRequests(office: () => TestOffice): void {
  describe('hostile requests', () => {
    test(`at least ${wanted}: no answer of 5xx, none that the document leaves out, every error in the error format`, async () => {
      console.log(`Requests are made from seed ${seed}; FUZZ_SEED=${seed} repeats them`)
      const document = await readApiDocument(office().url)
      const { operations } = document
      const callers = await signInCallers(office(), operations)
      const headersOf = ({ route }: Operation) => callers.get(route) ?? {}
      const sent: Sent[] = operations.flatMap((operation) =>
        sweepOf(operation, document, { signedIn: headersOf(operation), seed }).map((request) => ({
          operation,
          request,
        })),
      )
      const perRoute = shareOut(operations, wanted - sent.length)
      for (const operation of operations) {
        const numRuns = slow[operation.route] ?? perRoute
        const requests = fc.sample(requestsOf(operation, document, headersOf(operation)), { seed, numRuns })
        sent.push(...requests.map((request) => ({ operation, request })))
      }
      expect(sent.length).toBeGreaterThanOrEqual(wanted)
      const statuses = new Map<number, number>()
      const isLast = ({ operation }: Sent) => operation.path.includes('/networks/')
      const faults = await sendAll(office().url, interleave(sent.filter((one) => !isLast(one))), statuses)
      // These may well shut out whoever sends them.
      faults.push(...(await sendAll(office().url, sent.filter(isLast), statuses)))
      console.log(`${sent.length} requests:`, Object.fromEntries([...statuses].sort(([a], [b]) => a - b)))
      expect(faults.slice(0, 20)).toEqual([])
      // They must get past the door, or they show nothing.
      expect((statuses.get(200) ?? 0) + (statuses.get(404) ?? 0)).toBeGreaterThan(sent.length / 10)
      expect((await fetch(new URL('/readyz', office().url))).status).toBe(200)
    }, 600_000)
  })
}

/** For each route the headers of somebody who may call it. */
async function signInCallers(
  office: TestOffice,
  operations: Operation[],
): Promise<Map<string, Record<string, string>>> {
  const callers = new Map<string, Record<string, string>>()
  const tokens = new Map<string, string>()
  for (const { route } of operations) {
    const login = permitted[routeAccess[route] ?? 'signed-in']?.[0] ?? 'sanghyun'
    // Signing out ends the session for every other route too.
    const session = routeAccess[route] === 'public' ? route : login
    const token = tokens.get(session) ?? (await office.signIn(login)).token
    tokens.set(session, token)
    callers.set(route, { authorization: `Bearer ${token}` })
  }
  return callers
}

function shareOut(operations: Operation[], all: number): number {
  const slowOnes = operations.filter(({ route }) => route in slow)
  const rest = all - slowOnes.reduce((sum, { route }) => sum + (slow[route] ?? 0), 0)
  return Math.max(1, Math.ceil(rest / (operations.length - slowOnes.length)))
}

/** In an order that has nothing to do with the routes, but is the same for the same seed. */
function interleave(sent: Sent[]): Sent[] {
  const step = 7_919
  return sent.map((_, index) => sent[(index * step) % sent.length] as Sent)
}

async function sendAll(url: string, sent: Sent[], statuses: Map<number, number>): Promise<string[]> {
  const faults: string[] = []
  const queue = sent.values()
  const sendInTurn = async () => {
    for (const { operation, request } of queue) {
      const reply = await sendRaw(url, request).catch((error: Error) => error)
      const fault = reply instanceof Error ? reply.message : findFault(operation, reply)
      if (!(reply instanceof Error)) statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
      if (fault) faults.push(`${fault}: ${operation.route} ${JSON.stringify(request).slice(0, 400)}`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, sendInTurn))
  return faults
}

/** A path that a parameter has bent to another route, or to none, is that one's to document. */
function findFault({ statuses, path }: Operation, { status, text }: RawReply): string | undefined {
  if (status >= 500) return `${status} ${text.slice(0, 200)}`
  const isBent = path.includes('{') && [200, 303, 401, 404, 405].includes(status)
  if (!statuses.includes(status) && !isBent) return `${status} is not documented: ${text.slice(0, 200)}`
  if (status < 400) return undefined
  const fits = errorBodySchema.strict().safeParse(tryParse(text))
  return fits.success ? undefined : `${status} is not in the error format: ${text.slice(0, 200)}`
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
