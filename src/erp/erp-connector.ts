import type { Comparison, Filter } from './filter.ts'

import type { AnswerSource, Row } from './query-answer.ts'
import type { RecordReader } from './record-reader.ts'

/** Part of a date that an ERP can group by. */
export type DatePart = 'year' | 'month'
export type GroupKey = { field: string; part?: DatePart }
/** `count` counts records, `distinct` the different values of a field that are there. */
export type Aggregate = { fn: 'count' } | { fn: 'sum' | 'max' | 'min' | 'distinct'; field: string }
export type SortKey = { by: string; descending: boolean }

/** A condition on the aggregates of a group: against a decimal text, or another aggregate of the same group. */
export type GroupTest = { left: Aggregate; operator: Comparison; right: string | Aggregate }

type Scope = {
  entity: string
  filter: Filter
  orderBy: SortKey[]
  /** The first rows only; absent: all of them, page by page to the end. */
  limit?: number
  /** More rows than this are refused with QUERY_TOO_BIG. */
  maxRows: number
}

/** Records: one row each, keyed by catalog field. `orderBy` names fields. */
export type RecordSpec = Scope & { kind: 'records'; fields: string[] }

/** Groups: one row each, keyed by `keyName` and `aggregateName`; without keys, one row over everything. */
export type GroupSpec = Scope & { kind: 'groups'; keys: GroupKey[]; aggregates: Aggregate[]; having: GroupTest[] }

export type FetchSpec = RecordSpec | GroupSpec

export type FetchResult = {
  /** Decimals as exact plain texts; counts, years and whole `number`s as numbers; dates ISO. */
  rows: Row[]
  /** How many rows there are in all, also when only the first were asked for. */
  count: number
  source: AnswerSource
  /** ISO instant at which the rows were true: of the ERP's reply, of several pages the first; of the copy, when it was up to date. */
  asOf: string
  /** Requests for data that were answered, retries and tokens aside. */
  calls: number
}

export type ErpCapabilities = {
  /** Whether the ERP groups and sums. Without it, records are paged to the end and summed here. */
  aggregate: 'server' | 'none'
  /** Whether it counts distinct values of a group. Without it, those are grouped by as well and counted here. */
  countDistinct: boolean
  /** Parts of a date the ERP can group by; others are folded here from days. */
  dateParts: readonly DatePart[]
}

/**
 * `breaker`: `open` while a server that failed again and again is not asked, `half-open` while it is found out whether it is
 * back; absent where there is none.
 */
export type ServerStatus = {
  name: string
  state: 'up' | 'down' | 'unknown'
  since: string
  breaker?: 'closed' | 'half-open' | 'open'
}
/** `live`: the primary answers, or nothing says otherwise. `failover`: a standby does. `down`: none. */
export type ConnectionStatus = { state: 'live' | 'failover' | 'down'; servers: ServerStatus[] }

/**
 * One kind of ERP, in our words. `fetch` throws AppError as `AnswerQuery` does, or AggregateUnsupported when the ERP cannot
 * do this grouping after all; it never returns part of what the spec asks for.
 */
export type ErpConnector = {
  capabilities(): ErpCapabilities
  fetch(spec: FetchSpec, signal: AbortSignal): Promise<FetchResult>
  /** Reads whole entities for the copy; absent where the connector cannot. */
  records?: RecordReader
  /** Parts of a call, each at the first server alone, to find out what is wrong. Throw AppError or ServerLost. */
  probes?: {
    /** Fetches a token, where calls are signed with one. */
    signIn?: () => Promise<void>
    /** Any call that needs nothing but to be let in. */
    call: () => Promise<void>
  }
  status(): ConnectionStatus
  close(): Promise<void>
}

/** The ERP cannot do this grouping; the same can still be had from its records. */
export class AggregateUnsupported extends Error {
  override readonly name = 'AggregateUnsupported'
  /** Whether it cannot group at all, rather than not in this way. */
  readonly isLasting: boolean

  constructor(isLasting: boolean) {
    super(isLasting ? 'no grouping' : 'not this grouping')
    this.isLasting = isLasting
  }
}

/** What a group row calls a key: `customer`, `date:month`. */
export function keyName(key: GroupKey): string {
  return key.part ? `${key.field}:${key.part}` : key.field
}

/** Whether an aggregate is a number of things rather than an amount. */
export function isCount({ fn }: Aggregate): boolean {
  return fn === 'count' || fn === 'distinct'
}

/** What a group row calls an aggregate: `count`, `sum:amount`, `distinct:orderNo`. */
export function aggregateName(aggregate: Aggregate): string {
  return aggregate.fn === 'count' ? 'count' : `${aggregate.fn}:${aggregate.field}`
}
