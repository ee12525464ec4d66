import type { BusinessQuery } from '#catalog'
import type { QueryAnswer, Row } from '#erp'
import { renderAnswer } from './render-answer.ts'
import { answerOf, asked, now } from './render-fixture.ts'

/** What was asked and what the ERP answered, with the sentences that this must make. */
export type Case = { query: BusinessQuery; rows: Row[]; more?: Partial<QueryAnswer>; ko: string; en: string }

export const november = { field: 'date', from: '2026-11-01', to: '2026-11-30' }
export const october = { field: 'date', from: '2026-10-01', to: '2026-10-31' }
export const total = (totals: Row) => ({ totals })

/** The answer of a case to somebody who sees all rows. */
export function render({ query, rows, more }: Pick<Case, 'query' | 'rows' | 'more'>, language: 'ko' | 'en' = 'ko') {
  return renderAnswer({ asked: asked(query, language), answer: answerOf(query, rows, more), rows: 'all', now })
}
