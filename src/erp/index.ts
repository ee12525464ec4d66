export { createOdataConnector } from './connectors/odata/odata-connector.ts'
export { createErp, type Erp } from './create-erp.ts'
export type { AnswerQuery, AnswerSource, Cell, Column, QueryAnswer, Row } from './query-answer.ts'
