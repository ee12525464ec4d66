import type { Catalog, PermittedQuery } from '#catalog'
import type { Logger } from '#platform/log'
import { type AnswerDeps, answerQuery } from './answer-query.ts'
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
  connectionStatus: () => ConnectionStatus
  close: () => Promise<void>
}

type Deps = {
  connector: ErpConnector
  catalog: Catalog
  log: Logger
  now?: () => Date
  budget?: Partial<AnswerDeps['budget']>
}

const defaultBudget = { shownRecords: 200, shownGroups: 2_000, maxRecords: 200_000, maxGroups: 100_000 }

/** Binds the ERP side to one connector, which it closes with itself. */
export function createErp({ connector, catalog, log, now = () => new Date(), budget }: Deps): Erp {
  const deps: AnswerDeps = {
    connector,
    catalog,
    log: log.child({ 'event.module': 'erp' }),
    now,
    budget: { ...defaultBudget, ...budget },
  }
  return {
    answerQuery: answerQuery(deps),
    listGroups: listGroups(deps),
    records: connector.records,
    connectionStatus: () => connector.status(),
    close: () => connector.close(),
  }
}
