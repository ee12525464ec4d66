import { sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '#platform/database'
import type { LogDocument } from '../log-output.ts'
import type { ShippedTable } from '../ship-stream.ts'
import { datasetOf } from '../streams.ts'

/** One line of an hour's summary, as it is kept. */
const factsSchema = z.object({
  kind: z.enum(['route', 'question']),
  route: z.string().optional(),
  status: z.string().optional(),
  intent: z.string().optional(),
  answer: z.string().optional(),
  source: z.string().optional(),
  errors: z.record(z.string(), z.number()),
  count: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  maxMs: z.number().nullable(),
})

type Row = { id: string; hour: Date; facts: unknown }

/** The summaries as a table to ship. */
export function summaryTable({ kysely }: Database, namespace: string): ShippedTable {
  return {
    stream: 'summary',
    async readAfter(position, limit) {
      const { rows } = await sql<Row>`
        select id, hour, facts from log_summaries where id > ${position} order by id limit ${limit}`.execute(kysely)
      return rows.map((row) => ({ number: Number(row.id), document: describeSummary(row, namespace) }))
    },
    async readLast() {
      const { rows } = await sql<{ last: string | null }>`select max(id) as last from log_summaries`.execute(kysely)
      return Number(rows[0]?.last ?? 0)
    },
  }
}

function describeSummary({ id, hour, facts }: Row, namespace: string): LogDocument {
  const { kind, route, status, errors, ...rest } = factsSchema.parse(facts)
  const own = { kind, ...rest, errors, errorCount: Object.values(errors).reduce((sum, count) => sum + count, 0) }
  const document = {
    '@timestamp': hour.toISOString(),
    'ecs.version': '8.10.0',
    message: `An hour of ${route ?? `questions answered ${rest.answer ?? ''}`}`,
    'data_stream.type': 'logs',
    'data_stream.dataset': datasetOf('summary'),
    'data_stream.namespace': namespace,
    'event.id': `summary-${id}`,
    'event.dataset': datasetOf('summary'),
    'event.kind': 'metric',
    'service.name': 'erp-chatbot',
    ...(route !== undefined && { 'http.route': route }),
    ...(status !== undefined && { 'erp_chatbot.summary.status': status }),
    ...Object.fromEntries(
      Object.entries(own).flatMap(([name, value]) => (value === null ? [] : [[`erp_chatbot.summary.${name}`, value]])),
    ),
  }
  return { id: `summary-${id}`, line: `${JSON.stringify(document)}\n` }
}
