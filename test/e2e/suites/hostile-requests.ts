import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorBodySchema } from '../../../src/platform/envelope.ts'
import { type Operation, readApiDocument } from '../../support/api-document.ts'
import { requestsOf } from '../../support/hostile-request.ts'
import type { TestOffice } from '../../support/office.ts'
import { permitted, routeAccess } from '../../support/route-access.ts'
import { type RawReply, type RawRequest, sendRaw } from '../../support/send-raw.ts'

/** FUZZ_REQUESTS and FUZZ_SEED repeat or deepen a run. */
const wanted = Number(process.env.FUZZ_REQUESTS ?? 10_500)
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
const inFlight = 16
/** A test of the connection is dozens of calls at the ERP, and a full sync reads it whole. */
const slow: Record<string, number> = { 'POST /api/v1/erp/connection/test': 20, 'POST /api/v1/sync/runs': 100 }

type Sent = { operation: Operation; request: RawRequest }

/** Requests made from the API document, well-formed and broken, at every route. */
export function describeHostileRequests(office: () => TestOffice): void {
  describe('hostile requests', () => {
    test(`at least ${wanted}: no answer of 5xx, none that the document leaves out, every error in the error format`, async () => {
      console.log(`Requests are made from seed ${seed}; FUZZ_SEED=${seed} repeats them`)
      const document = await readApiDocument(office().url)
      const perRoute = shareOut(document.operations)
      const sent: Sent[] = []
      for (const operation of document.operations) {
        const access = routeAccess[operation.route] ?? 'signed-in'
        const { token } = await office().signIn(permitted[access]?.[0] ?? 'sanghyun')
        const requests = requestsOf(operation, document, { authorization: `Bearer ${token}` })
        const samples = fc.sample(requests, { seed, numRuns: slow[operation.route] ?? perRoute })
        sent.push(...samples.map((request) => ({ operation, request })))
      }
      expect(sent.length).toBeGreaterThanOrEqual(wanted)
      const statuses = new Map<number, number>()
      const faults = await sendAll(office().url, interleave(sent), statuses)
      console.log(`${sent.length} requests:`, Object.fromEntries([...statuses].sort(([a], [b]) => a - b)))
      expect(faults.slice(0, 20)).toEqual([])
      // They must get past the door, or they show nothing.
      expect((statuses.get(200) ?? 0) + (statuses.get(404) ?? 0)).toBeGreaterThan(sent.length / 10)
      expect((await fetch(new URL('/readyz', office().url))).status).toBe(200)
    }, 600_000)
  })
}

function shareOut(operations: Operation[]): number {
  const slowOnes = operations.filter(({ route }) => route in slow)
  const rest = wanted - slowOnes.reduce((sum, { route }) => sum + (slow[route] ?? 0), 0)
  return Math.ceil(rest / (operations.length - slowOnes.length))
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
