export type { ConnectionStep } from './connection/connection-step.ts'
export type { ConnectionReport } from './connection/test-connection.ts'
export { createConnectionTest, type TestConnection } from './create-connection-test.ts'
export { AccessMissing, createConnector } from './create-connector.ts'
export { createErp, type Erp } from './create-erp.ts'
export { formatExact, readExact } from './decimal.ts'
export {
  type Aggregate,
  aggregateName,
  type ErpConnector,
  type FetchResult,
  type FetchSpec,
  type GroupKey,
  type GroupSpec,
  type GroupTest,
  isCount,
  keyName,
  type RecordSpec,
  type SortKey,
} from './erp-connector.ts'
export { erpErrors, invalidQuery } from './errors.ts'
export { type FieldType, isNumeric, literalType } from './fields.ts'
export type { Comparison, Filter, Literal } from './filter.ts'
export type { AnswerQuery, AnswerSource, Cell, Column, CopyReason, QueryAnswer, Row } from './query-answer.ts'
export { type ErpRecord, type RecordPage, type RecordReader, recordFields } from './record-reader.ts'
