import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoCatalog, openDemoErp } from '../../demo-erp-fixture.ts'
import { describeRecordReader, readAllRecords } from '../../record-reader.contract.ts'
import { type RecordReader, recordFields } from '../../record-reader.ts'

const { signal } = new AbortController()

async function open(entity: string, pageSize: number, erpField: string, field: string) {
  const demo = await openDemoErp()
  const server = await demo.serve()
  const { erp } = demo.connect([server.url], { limits: { pageSize } })
  const close = async () => {
    await erp.close()
    await demo.close()
  }
  const reader = erp.records as RecordReader
  return { reader, entity, fields: recordFields(demoCatalog, entity), shared: { erpField, field }, close, demo }
}

describeRecordReader('OData, by a number', () => open('purchaseOrder', 200, 'VendorName', 'vendor'))
describeRecordReader('OData, by a text', () => open('receivable', 40, 'CustomerName', 'customer'))

let opened: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  opened = await open('sales', 5_000, 'CustomerName', 'customer')
})
afterAll(() => opened.close())

test('a whole entity comes over to the last decimal', async () => {
  const all = await readAllRecords(opened.reader, 'sales', signal)
  const rows = await opened.demo.select(
    'select line_id::text as key, amount::text, profit::text, customer_name as customer, document_date::text as date from odata.sales_invoice_lines order by line_id',
  )
  expect(
    all.map(({ key, row }) => ({
      key,
      amount: Number(row.amount).toFixed(2),
      profit: Number(row.profit).toFixed(2),
      customer: row.customer,
      date: row.date,
    })),
  ).toEqual(rows)
})
