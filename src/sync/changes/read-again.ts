import type { ErpRecord, RecordReader } from '#erp'
import type { RecordChange } from '../copy/copy.ts'

export type Wanted = { entity: string; keys: ReadonlySet<string>; where: ReadonlyMap<string, ReadonlySet<string>> }
export type ReadLimits = { keys: number; records: number }

/** More than it is worth to read record by record. Its message is a reason for the operator. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch'
}

/** Keys of a request: its address stays short, and its answer within what an ERP gives at once. */
const keysARequest = 200
const valuesARequest = 40

/**
 * Reads records from the ERP as they are now, each once; a key that is not found is a record removed. Throws TooMuch, and AppError as
 * the reader does.
 */
export async function readAgain(
  records: RecordReader | undefined,
  wanted: Wanted,
  limits: ReadLimits,
  signal: AbortSignal,
): Promise<Map<string, RecordChange>> {
  const { entity, keys, where } = wanted
  const read = new Map<string, RecordChange>()
  const keep = (found: readonly ErpRecord[]) => {
    for (const { key, row } of found) read.set(key, { kind: 'put', entity, key, row })
    if (read.size > limits.records) throw new TooMuch(`changes touch more than ${limits.records} records at once`)
  }
  if (keys.size === 0 && where.size === 0) return read
  if (!records) throw new TooMuch('the ERP’s connector reads no records')
  if (keys.size > limits.keys) throw new TooMuch(`changes touch more than ${limits.keys} records at once`)
  for (const [field, values] of where)
    for (const some of portions([...values], valuesARequest))
      for await (const found of readPages(records, { entity, field, values: some }, signal)) keep(found)
  const rest = [...keys].filter((key) => !read.has(key))
  for (const some of portions(rest, keysARequest)) {
    for (const key of some) read.set(key, { kind: 'remove', entity, key })
    keep(await records.readKeys(entity, some, signal))
  }
  return read
}

type Pages = { entity: string; field: string; values: string[] }

async function* readPages(records: RecordReader, { entity, field, values }: Pages, signal: AbortSignal) {
  let after: string | undefined
  do {
    const page = await records.readWhere(entity, field, values, after, signal)
    yield page.records
    after = page.next
  } while (after !== undefined)
}

function portions<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}
