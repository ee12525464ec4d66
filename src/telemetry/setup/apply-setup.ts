import { connectElasticsearch, type ElasticsearchAccess } from '../elasticsearch/connect.ts'
import { compareParts, type Difference } from './compare-setup.ts'
import type { DesiredPart } from './desired-setup.ts'

/** What is to be done about a part: nothing when it is `same`. */
export type PlannedPart = { part: DesiredPart; state: 'missing' | 'different' | 'same'; differences: Difference[] }

export type SetupClient = AsyncDisposable & {
  /** Reads what is there and says what would be done. Throws what the client throws. */
  plan(parts: DesiredPart[]): Promise<PlannedPart[]>
  /** Makes what is missing and changes what differs. A data stream whose template changed begins a new index at its next line. */
  apply(planned: PlannedPart[]): Promise<void>
}

/** Opens a client to set Elasticsearch up by. */
export async function openSetupClient(access: ElasticsearchAccess): Promise<SetupClient> {
  const client = await connectElasticsearch(access)
  const send = (method: string, path: string, body?: unknown) =>
    client.transport.request({ method, path, ...(body !== undefined && { body: body as Record<string, unknown> }) })

  async function find(part: DesiredPart): Promise<unknown> {
    try {
      return presentOf(part, (await send('GET', part.path)) as Record<string, unknown>)
    } catch (error) {
      if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return undefined
      throw error
    }
  }
  return {
    async plan(parts) {
      const planned: PlannedPart[] = []
      for (const part of parts) {
        const present = await find(part)
        const differences = present === undefined ? [] : compareParts(part.body, present)
        const state = present === undefined ? 'missing' : differences.length > 0 ? 'different' : 'same'
        planned.push({ part, state, differences })
      }
      return planned
    },
    async apply(planned) {
      const due = planned.filter(({ state }) => state !== 'same')
      for (const { part } of due) await send('PUT', part.path, part.kind === 'stream' ? undefined : part.body)
      for (const name of streamsToRollOver(planned)) await send('POST', `/${name}/_rollover?lazy=true`)
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}

/** The part itself, out of what the server wraps it in. */
function presentOf({ kind, name }: DesiredPart, reply: Record<string, unknown>): unknown {
  if (kind === 'policy') return reply[name]
  if (kind === 'stream') return {}
  const [found] = reply.index_templates as { index_template: unknown }[]
  return found?.index_template
}

/** Data streams that were there before their template changed. */
function streamsToRollOver(planned: PlannedPart[]): string[] {
  const patterns = planned
    .filter(({ part, state }) => part.kind === 'template' && state === 'different')
    .flatMap(({ part }) => part.body.index_patterns as string[])
  return planned
    .filter(({ part, state }) => part.kind === 'stream' && state === 'same')
    .map(({ part }) => part.name)
    .filter((name) => patterns.some((pattern) => name.startsWith(pattern.replace(/\*$/, ''))))
}
