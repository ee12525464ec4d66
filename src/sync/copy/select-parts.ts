import { type RawBuilder, sql } from 'kysely'
import type { FetchSpec } from '#erp'
import type { CopyColumn } from './entity-table.ts'
import type { FieldSql } from './write-filter.ts'

/** A statement and what its columns are: `c0`, `c1`, … in the order of `cells`, and `total` where the rows are cut. */
export type Select = { statement: RawBuilder<Record<string, unknown>>; cells: { name: string; isWhole: boolean }[] }

/** A column of a statement. `isNumeric`: an exact number, to be shown without zeros behind it. */
export type Output = { name: string; value: RawBuilder<unknown>; isWhole: boolean; isNumeric: boolean }

/** An entity's columns, and the SQL of its fields. */
export type Fields = { columns: Map<string, CopyColumn>; fieldSql: FieldSql }

/** One row more than is allowed tells that there are too many. */
export function limitOf({ limit, maxRows }: FetchSpec): number {
  return Math.min(limit ?? Number.MAX_SAFE_INTEGER, maxRows + 1)
}

/** A number without the zeros behind it that a sum of 1.5 and 1.5 has. */
export function show({ value, isNumeric }: Pick<Output, 'value' | 'isNumeric'>): RawBuilder<unknown> {
  return isNumeric ? sql`trim_scale(${value})` : value
}

/** Nothing comes last either way, as it does in an answer. */
export function orderTerm(value: RawBuilder<unknown>, descending: boolean): RawBuilder<unknown> {
  return descending ? sql`${value} desc nulls last` : sql`${value}`
}
