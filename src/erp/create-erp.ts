import type { Catalog, PermittedQuery } from '#catalog'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { createAnswerCounter } from './answer-metrics.ts'
import { answerOrCopy } from './answer-or-copy.ts'
import { type AnswerDeps, answerQuery } from './answer-query.ts'
import { runInAnswer } from './answer-scope.ts'
import { type NotedErrors, noteErrors } from './connection/note-errors.ts'
import type { ConnectionStatus, ErpConnector } from './erp-connector.ts'
import { listGroups } from './list-groups.ts'
import type { AnswerQuery, Row } from './query-answer.ts'
import type { RecordReader } from './record-reader.ts'

/** What the rest of the product asks of the ERP. */
export type Erp = {
  answerQuery: AnswerQuery
  /** Every group of a query, however many, without totals: for reading master data. Throws as `answerQuery`. */
  listGroups: (query: PermittedQuery, signal: AbortSignal) => Promise<Row[]>
  /** Reads whole entities, for the copy; absent where the connector cannot. */
  records: RecordReader | undefined
  connectionStatus: () => ConnectionStatus & NotedErrors
  close: () => Promise<void>
}

type Deps = {
  connector: ErpConnector
  /** Our copy of the ERP, which answers people when the ERP cannot. Reading master data never falls back to it. */
  copy?: ErpConnector
  catalog: Catalog
  log: Logger
  metrics?: Metrics
  now?: () => Date
  budget?: Partial<AnswerDeps['budget']>
}

const defaultBudget = { shownRecords: 200, shownGroups: 2_000, maxRecords: 200_000, maxGroups: 100_000 }

/** Binds the ERP side to one connector, and to the copy where there is one; closes both with itself. */
export function createErp({ connector: own, copy, catalog, log, metrics, now = () => new Date(), budget }: Deps): Erp {
  const { connector, noted } = noteErrors(own, now)
  const deps: AnswerDeps = {
    connector,
    catalog,
    log: log.child({ 'event.module': 'erp' }),
    now,
    budget: { ...defaultBudget, ...budget },
  }
  const live = answerQuery(deps)
  return {
    answerQuery: answerOrCopy({
      live: (query, signal) => runInAnswer(() => live(query, signal)),
      copy: copy && answerQuery({ ...deps, connector: copy }),
      log: deps.log,
      count: metrics ? createAnswerCounter(metrics) : () => undefined,
    }),
    listGroups: listGroups(deps),
    records: connector.records,
    connectionStatus: () => ({ ...connector.status(), ...noted() }),
    close: async () => {
      await Promise.all([connector.close(), copy?.close()])
    },
  }
}
