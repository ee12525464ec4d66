import { expect, test } from 'vitest'
import { describeRecordReader } from '../../record-reader.contract.ts'
import { type RecordReader, recordFields } from '../../record-reader.ts'
import { odooCatalog, openOffice } from './odoo-office-fixture.ts'

const { signal } = new AbortController()

async function open(entity: string, shared: { erpField: string; field: string }, pageSize = 8) {
  const { connector, models, close } = await openOffice({ limits: { pageSize } })
  const reader = connector.records as RecordReader
  return { reader, entity, fields: recordFields(odooCatalog, entity), shared, close, models }
}

describeRecordReader('Odoo, a view', () => open('sales', { erpField: 'commercial_partner_id.name', field: 'customer' }))

test('what was written comes oldest first', async () => {
  const { reader, close } = await open('receivable', { erpField: 'name', field: 'invoiceNo' }, 3)
  const all: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await reader.readModified!('receivable', '2000-01-01T00:00:00Z', after, signal)
    all.push(...page.records.map(({ key }) => key))
    if (page.next === undefined) break
    after = page.next
  }
  const { records } = await reader.readPage('receivable', undefined, signal)
  expect(records.length).toBeGreaterThan(0)
  for (const { key } of records) expect(all).toContain(key)
  expect(new Set(all).size).toBe(all.length)
  await close()
})
