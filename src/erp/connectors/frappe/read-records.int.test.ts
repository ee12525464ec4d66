import { expect, test } from 'vitest'
import { describeRecordReader } from '../../record-reader.contract.ts'
import { type RecordReader, recordFields } from '../../record-reader.ts'
import { createMappedValues } from '../mapped-values.ts'
import { documents } from './erpnext-data-fixture.ts'
import { catalog, openFrappe } from './open-frappe-fixture.ts'

const { signal } = new AbortController()

async function open(version: string, entity: string, pageSize = 15) {
  const { connect, close } = await openFrappe(version)
  const { connector } = connect({ limits: { pageSize } })
  const now = () => new Date('2026-11-23T03:00:00Z')
  const reader = createMappedValues(connector, catalog, now).records as RecordReader
  const fields = recordFields(catalog, entity)
  return { reader, entity, fields, shared: { erpField: 'customer_name', field: 'customer' }, close }
}

describeRecordReader('Frappe 15, by lines', () => open('15.40.0', 'sales'))
describeRecordReader('Frappe 16, by lines', () => open('16.0.0', 'sales'))
describeRecordReader('Frappe 16, by documents', () => open('16.0.0', 'receivable'))

test('codes and days are the catalog’s', async () => {
  const { reader, close } = await open('16.0.0', 'receivable', 100)
  const { records } = await reader.readPage('receivable', undefined, signal)
  const { row } = records.find(({ row: { dueDate } }) => dueDate !== null && String(dueDate) < '2026-11-23')!
  const days = (Date.parse('2026-11-23') - Date.parse(String(row.dueDate))) / 86_400_000
  expect(row.overdueDays).toBe(days)
  const orders = await reader.readPage('salesOrder', undefined, signal)
  const codes = ['open', 'shipped', 'closed', 'cancelled']
  expect(orders.records.length).toBeGreaterThan(2)
  expect(orders.records.filter(({ row: { status } }) => codes.includes(String(status))).length).toBeGreaterThan(2)
  await close()
})

test('what was modified comes oldest first, many of one time too', async () => {
  const { reader, close } = await open('15.40.0', 'receivable', 4)
  const from = documents['Sales Invoice']!.map(({ modified }) => String(modified)).sort()[30]!
  const since = new Date(`${from.replace(' ', 'T').slice(0, 19)}+09:00`).toISOString()
  const found: string[] = []
  let until = ''
  for (let after: string | undefined; ; ) {
    const page = await reader.readModified!('receivable', since, after, signal)
    found.push(...page.records.map(({ key }) => key))
    until = page.modifiedUntil
    if (page.next === undefined) break
    after = page.next
  }
  const expected = documents['Sales Invoice']!.filter(
    (doc) => String(doc.modified) >= from && doc.docstatus === 1 && doc.outstanding_amount !== '0',
  )
  expect(found).toEqual(expected.map(({ name }) => name))
  expect(until).toBe('2026-10-31T15:00:59Z')
  await close()
})
