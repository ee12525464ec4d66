import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { every } from '../../filter.ts'
import { readAllRecords } from '../../record-reader.contract.ts'
import { type ErpRecord, type RecordReader, recordFields } from '../../record-reader.ts'
import { openOData } from './open-odata-fixture.ts'
import { invoices } from './simulator-data-fixture.ts'

const { signal } = new AbortController()
const pageSize = 7

describe.each(['business-central', 'finance-operations', 's4hana-v2', 's4hana'] as const)(
  'the records of %s',
  (dialect) => {
    let office: Awaited<ReturnType<typeof openOData>>
    let reader: RecordReader
    let all: ErpRecord[]

    beforeAll(async () => {
      office = await openOData(dialect, { limits: { pageSize } })
      reader = office.connector.records as RecordReader
      all = await readAllRecords(reader, 'sales', signal)
    })
    afterAll(() => office.close())

    const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort()

    test('are all there, once, as they are fetched', async () => {
      const fields = recordFields(office.catalog, 'sales')
      const lines = invoices.reduce((sum, invoice) => sum + invoice.lines.length, 0)
      const spec = { kind: 'records' as const, entity: 'sales', filter: every([]), orderBy: [], maxRows: 10_000 }
      const { rows } = await office.connector.fetch({ ...spec, fields }, signal)
      const inOrder = all.map(({ row }) => Object.fromEntries(fields.map((field) => [field, row[field] ?? null])))
      expect(sorted(inOrder)).toEqual(sorted(rows))
      // And what is taken off again, where credit memos are documents of their own.
      expect(all.length).toBeGreaterThanOrEqual(lines)
      expect(new Set(all.map(({ key }) => key)).size).toBe(all.length)
    })

    test('go on after any record, in the middle of a document too', async () => {
      for (let at = 0; at < 30; at += 1) {
        const { records } = await reader.readPage('sales', all[at]?.key, signal)
        expect(records.length).toBeGreaterThan(0)
        expect(records).toEqual(all.slice(at + 1, at + 1 + records.length))
      }
      expect((await reader.readPage('sales', all.at(-1)?.key, signal)).records).toEqual([])
    })

    test('are found by their keys', async () => {
      const some = all.filter((_, index) => index % 5 === 0)
      const found = await reader.readKeys(
        'sales',
        some.map(({ key }) => key),
        signal,
      )
      expect(sorted(found)).toEqual(sorted(some))
    })
  },
)
