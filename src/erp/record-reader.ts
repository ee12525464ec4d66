import { type Catalog, heldEntity } from '#catalog'
import { findEntity } from './fields.ts'
import type { Row } from './query-answer.ts'

/** A record of an entity with the key by which the ERP knows it: the text of a one-field key, a JSON array of texts of a longer one. */
export type ErpRecord = {
  key: string
  /** Every catalog field that the ERP has and stores: no ratios. */
  row: Row
}

/** `next` is the cursor of the page after; absent: that was the last. `asOf`: the ISO instant at which the ERP answered. */
export type RecordPage = { records: ErpRecord[]; next: string | undefined; asOf: string }

/**
 * Reads the records of entities for a copy, unaggregated and for nobody in particular. Values are as the connector's `fetch`
 * gives them: exact decimals, ISO dates, the catalog's codes. Throws AppError as `fetch` does.
 */
export type RecordReader = {
  /**
   * A page in the order of keys, after the record with the key `after`. Safe to go on with hours later: what came or went in
   * between moves no other record. The last page may be empty.
   */
  readPage(entity: string, after: string | undefined, signal: AbortSignal): Promise<RecordPage>
  /** The records with these keys that exist; a key that is not among them is gone. Any number of keys; batched inside. */
  readKeys(entity: string, keys: readonly string[], signal: AbortSignal): Promise<ErpRecord[]>
  /** Records in which the ERP's own field has one of the values, page by page; `after` is the `next` of the page before. */
  readWhere(
    entity: string,
    erpField: string,
    values: readonly string[],
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<RecordPage>
  /**
   * Records modified at or after an instant (ISO), oldest first, where the ERP keeps such a time. Deletes are not seen; a record
   * may come twice. `modifiedUntil`: the time of the last record of the page, or `since` when there is none.
   */
  readModified?(
    entity: string,
    since: string,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<RecordPage & { modifiedUntil: string }>
}

/** The fields of an entity that a record holds: what the connected ERP has, without ratios. Throws QUERY_INVALID. */
export function recordFields(catalog: Catalog, entity: string): string[] {
  const held = heldEntity(catalog, findEntity(catalog, entity))
  const measures = Object.entries(held.measures).filter(([, measure]) => measure.ratio === undefined)
  return [...Object.keys(held.dimensions), ...measures.map(([name]) => name)]
}

/** The key of a record, by the values of its key fields. */
export function writeKey(values: readonly string[]): string {
  return values.length === 1 && values[0] !== undefined ? values[0] : JSON.stringify(values)
}

/** The values of a key of so many fields. Throws Error for a text that is none. */
export function readKey(key: string, fields: number): string[] {
  if (fields === 1) return [key]
  const values: unknown = JSON.parse(key)
  const isKey = Array.isArray(values) && values.length === fields && values.every((value) => typeof value === 'string')
  if (!isKey) throw new Error(`a key of ${fields} fields was expected`)
  return values
}
