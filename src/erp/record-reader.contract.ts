import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ErpRecord, RecordReader } from './record-reader.ts'

type Opened = {
  reader: RecordReader
  /** The entity to read: at least twenty records, three pages of them. */
  entity: string
  /** The fields that every record has. */
  fields: string[]
  /** The ERP's own name of a text field, and the catalog's; several records share a value. */
  shared: { erpField: string; field: string }
  close: () => Promise<void>
}

/** Reads an entity page by page to its end. */
export async function readAllRecords(reader: RecordReader, entity: string, signal: AbortSignal): Promise<ErpRecord[]> {
  const all: ErpRecord[] = []
  for (let after: string | undefined; ; ) {
    const { records, next } = await reader.readPage(entity, after, signal)
    all.push(...records)
    if (next === undefined) return all
    after = next
  }
}

/** What every reader of records must do. */
export function describeRecordReader(name: string, open: () => Promise<Opened>): void {
  describe(`${name} as a reader of records`, () => {
    const { signal } = new AbortController()
    let opened: Opened
    let all: ErpRecord[]
    beforeAll(async () => {
      opened = await open()
      all = await readAllRecords(opened.reader, opened.entity, signal)
    })
    afterAll(() => opened.close())
    const byKey = (records: ErpRecord[]) => records.toSorted((a, b) => (a.key < b.key ? -1 : 1))

    test('reads every record once, with every field, page by page', async () => {
      const first = await opened.reader.readPage(opened.entity, undefined, signal)
      expect(all.length).toBeGreaterThan(Math.max(20, first.records.length * 2))
      expect(new Set(all.map(({ key }) => key)).size).toBe(all.length)
      for (const { row } of all) expect(Object.keys(row).sort()).toEqual([...opened.fields].sort())
      expect(new Date(first.asOf).toISOString()).toBe(first.asOf)
    })

    test('goes on after any record', async () => {
      const at = Math.floor(all.length / 3)
      const page = await opened.reader.readPage(opened.entity, all[at]?.key, signal)
      expect(page.records).toEqual(all.slice(at + 1, at + 1 + page.records.length))
      expect(page.records.length).toBeGreaterThan(0)
    })

    test('finds records by their keys, and not those that are gone', async () => {
      const some = all.filter((_, index) => index % 3 === 0)
      const keys = [...some.map(({ key }) => key), '987654321', "O'Brien", '']
      expect(byKey(await opened.reader.readKeys(opened.entity, keys, signal))).toEqual(byKey(some))
      expect(await opened.reader.readKeys(opened.entity, [], signal)).toEqual([])
    })

    test('finds more records than one request can name', async () => {
      const keys = [
        ...all.map(({ key }) => key),
        ...Array.from({ length: 700 }, (_, index) => String(987_650_000 + index)),
      ]
      expect(byKey(await opened.reader.readKeys(opened.entity, keys, signal))).toEqual(byKey(all))
    })

    test('finds records by a field of the ERP', async () => {
      const { erpField, field } = opened.shared
      const values = [...new Set(all.map(({ row }) => String(row[field])))].slice(0, 2)
      const asked = [...values, "O'Brien", ...Array.from({ length: 600 }, (_, index) => `nobody ${index}`)]
      const found: ErpRecord[] = []
      for (let after: string | undefined; ; ) {
        const page = await opened.reader.readWhere(opened.entity, erpField, asked, after, signal)
        found.push(...page.records)
        if (page.next === undefined) break
        after = page.next
      }
      expect(byKey(found)).toEqual(byKey(all.filter(({ row }) => values.includes(String(row[field])))))
      expect(found.length).toBeGreaterThan(2)
      const none = await opened.reader.readWhere(opened.entity, erpField, [], undefined, signal)
      expect(none).toMatchObject({ records: [], next: undefined })
    })

    test('stops when the caller does', async () => {
      const stopped = AbortSignal.abort(new Error('enough'))
      await expect(opened.reader.readPage(opened.entity, undefined, stopped)).rejects.toThrow('enough')
    })
  })
}
