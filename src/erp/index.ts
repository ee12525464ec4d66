export { AccessMissing, createConnector } from './create-connector.ts'
export { createErp, type Erp } from './create-erp.ts'
export type { ErpConnector } from './erp-connector.ts'
export type { AnswerQuery, AnswerSource, Cell, Column, QueryAnswer, Row } from './query-answer.ts'
