import type { ErpRecord, RecordPage, RecordReader } from '../record-reader.ts'

/** Which records of an entity are meant. `field` is the ERP's own name. */
export type RecordScope =
  | { is: 'all' }
  | { is: 'keys'; keys: readonly string[] }
  | { is: 'field'; field: string; values: readonly string[] }

/** One request for records: those of a scope that come after a key, in the order of keys. */
export type KeysetCall = { entity: string; scope: RecordScope; after: string | undefined }

/** What came of it. `isLast`: the ERP says, or has shown, that nothing follows. */
type KeysetPage = { records: ErpRecord[]; isLast: boolean; asOf: string }

type FetchKeyset = (call: KeysetCall, signal: AbortSignal) => Promise<KeysetPage>

/** Records a page, however many the ERP would give: whole entities are read beside everything else that a process does. */
export const mostInPage = 2_500

type Batches = {
  fetch: FetchKeyset
  /** How many keys or values a request may name, and how long they may be, each with what is written around it. */
  mostValues?: number
  mostCharacters?: number
}

/** A reader of records by keyset paging, over a connector's way to ask for one page. */
export function createKeysetReader({
  fetch,
  mostValues = 500,
  mostCharacters = 9_500,
}: Batches): Pick<RecordReader, 'readPage' | 'readKeys' | 'readWhere'> {
  const split = (values: readonly string[]) => splitBatches(values, mostValues, mostCharacters)

  async function readPage(entity: string, after: string | undefined, signal: AbortSignal): Promise<RecordPage> {
    const page = await fetch({ entity, scope: { is: 'all' }, after }, signal)
    return { records: page.records, next: page.isLast ? undefined : page.records.at(-1)?.key, asOf: page.asOf }
  }

  async function readKeys(entity: string, keys: readonly string[], signal: AbortSignal): Promise<ErpRecord[]> {
    const found: ErpRecord[] = []
    for (const batch of split(keys)) {
      const scope = { is: 'keys' as const, keys: batch }
      for (let after: string | undefined; ; ) {
        const page = await fetch({ entity, scope, after }, signal)
        found.push(...page.records)
        after = page.records.at(-1)?.key
        if (page.isLast || after === undefined) break
      }
    }
    return found
  }

  /** The cursor is the batch and the key within it: `2:INV-1`. Batches are the same for the same values. */
  const readWhere: RecordReader['readWhere'] = async (...[entity, field, values, cursor, signal]) => {
    const batches = split(values)
    const [, at = '0', after] = /^(\d+):(.*)$/s.exec(cursor ?? '') ?? []
    const batch = batches[Number(at)]
    if (!batch) return { records: [], next: undefined, asOf: new Date().toISOString() }
    const scope = { is: 'field' as const, field, values: batch }
    const page = await fetch({ entity, scope, after: after || undefined }, signal)
    const last = page.isLast ? undefined : page.records.at(-1)?.key
    const following = Number(at) + 1 < batches.length ? `${Number(at) + 1}:` : undefined
    return { records: page.records, next: last === undefined ? following : `${at}:${last}`, asOf: page.asOf }
  }

  return { readPage, readKeys, readWhere }
}

/** What is written around each value: `%20or%20PropertyName%20eq%20`. */
const around = 45

/** The different values in batches, in a fixed order. */
function splitBatches(values: readonly string[], mostValues: number, mostCharacters: number): string[][] {
  const batches: string[][] = []
  let batch: string[] = []
  let characters = 0
  for (const value of [...new Set(values)].sort()) {
    const length = encodeURIComponent(value.toWellFormed()).length + around
    if (batch.length > 0 && (batch.length >= mostValues || characters + length > mostCharacters)) {
      batches.push(batch)
      batch = []
      characters = 0
    }
    batch.push(value)
    characters += length
  }
  return batch.length > 0 ? [...batches, batch] : batches
}
