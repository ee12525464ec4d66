import type { PermittedQuery } from '#catalog'

/** Where the rows came from: the ERP, its standby, or our copy. */
export type AnswerSource = 'live' | 'failover' | 'copy'

/** Why the copy answered: the ERP was slow, unreachable, limiting us, not understood, changing, or would have to send too much. */
export type CopyReason = 'slow' | 'unreachable' | 'limited' | 'unclear' | 'changing' | 'tooMuch'

/** A cell: money and quantities are exact decimal strings, dates ISO, codes as the ERP has them. */
export type Cell = string | number | boolean | null
export type Row = Record<string, Cell>

export type Column = {
  /** As in the query: `customer`, `date:month`, `amount`, `avg:amount`, `share:amount`, `count`. */
  name: string
  role: 'dimension' | 'measure'
  type:
    | 'name'
    | 'code'
    | 'documentNo'
    | 'date'
    | 'text'
    | 'phone'
    | 'email'
    | 'year'
    | 'number'
    | 'money'
    | 'quantity'
    | 'days'
    | 'percent'
    | 'count'
}

export type QueryAnswer = {
  columns: Column[]
  rows: Row[]
  /**
   * Measures over everything the query covers, not only over the rows shown (a top 5 still has the whole's total).
   * For records: `count` and the sum of each summable column, when the ERP could give them. Never over a partial page.
   */
  totals: Row
  /** With `compareTo`: the same columns over the earlier period. */
  previous?: { from: string; to: string; rows: Row[]; totals: Row }
  source: AnswerSource
  /** With `copy`. */
  copyReason?: CopyReason
  /** ISO instant at which the rows were true. */
  asOf: string
  /** Whether `rows` is all there is or the first of more. */
  completeness: { kind: 'complete' } | { kind: 'first'; of: number }
  /** Milliseconds spent: planning, waiting for the ERP, working on the rows. */
  timing: { planMs: number; erpMs: number; workMs: number; calls: number }
}

/**
 * Answers a permitted query. Throws AppError: ERP_TIMEOUT, ERP_UNAVAILABLE, ERP_REFUSED (credentials), ERP_RATE_LIMITED,
 * ERP_BAD_REPLY, ERP_CHANGING (while it was read), NOT_IN_ERP (the ERP has nothing of the kind), QUERY_INVALID (unknown
 * entity or field), QUERY_TOO_BIG (would need more rows than the budget).
 */
export type AnswerQuery = (query: PermittedQuery, signal: AbortSignal) => Promise<QueryAnswer>
