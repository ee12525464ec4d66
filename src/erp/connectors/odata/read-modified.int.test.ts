import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readAllRecords } from '../../record-reader.contract.ts'
import { type ErpRecord, type RecordReader, readKey } from '../../record-reader.ts'
import { openOData } from './open-odata-fixture.ts'
import type { Record_ } from './simulator-filter-fixture.ts'

const { signal } = new AbortController()
const pageSize = 7

const services = [
  { dialect: 'business-central', set: 'salesInvoices', modified: 'lastModifiedDateTime', lines: 'salesInvoiceLines' },
  {
    dialect: 's4hana-v2',
    set: 'odata/sap/API_BILLING_DOCUMENT_SRV/A_BillingDocument',
    modified: 'LastChangeDateTime',
    lines: 'to_Item',
  },
] as const

/** Many of one instant, then many of one millisecond that only the ERP tells apart, against the order of keys; then some a second. */
function timeOf(index: number): string {
  if (index < 20) return '2026-11-20T10:00:00Z'
  if (index < 40) return `2026-11-20T10:00:05.1234${String(999 - index)}Z`
  return new Date(Date.parse('2026-11-20T10:01:00Z') + index * 370).toISOString()
}

describe.each(services)('what was modified in $dialect', ({ dialect, set, modified, lines }) => {
  let office: Awaited<ReturnType<typeof openOData>>
  let reader: Required<RecordReader>
  let documents: Record_[]

  beforeEach(async () => {
    office = await openOData(dialect, { limits: { pageSize } })
    reader = office.connector.records as Required<RecordReader>
    documents = office.sets[set]?.rows ?? []
    for (const [index, document] of documents.entries()) document[modified] = timeOf(index)
  })
  afterEach(() => office.close())

  async function readSince(since: string) {
    const pages: { records: ErpRecord[]; modifiedUntil: string }[] = []
    for (let after: string | undefined; ; ) {
      const page = await reader.readModified('sales', since, after, signal)
      pages.push(page)
      if (page.next === undefined) return { pages, records: pages.flatMap(({ records }) => records) }
      after = page.next
    }
  }
  const keysOf = (records: ErpRecord[]) => records.map(({ key }) => key).sort()
  /** By the document's key, the second in which it was modified. */
  const secondOf = (key: string) => {
    const [id] = readKey(readKey(key, 2)[1] ?? '', 2)
    const document = documents.find((one) => one.id === id || one.BillingDocument === id)
    return Math.floor(Date.parse(String(document?.[modified])) / 1000)
  }

  test('comes whole and once, oldest first, though many have one time', async () => {
    const all = await readAllRecords(reader, 'sales', signal)
    const { records, pages } = await readSince('2026-01-01T00:00:00Z')
    expect(keysOf(records)).toEqual(keysOf(all))
    expect(pages.length).toBeGreaterThan(documents.length / pageSize)
    const seconds = records.filter(({ key }) => key.startsWith('["0"')).map(({ key }) => secondOf(key))
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b))
    // The last document of the first set, which has no lines. The credit memo, modified later, is of the second.
    const until = pages.map(({ modifiedUntil }) => modifiedUntil).sort()
    expect(until.at(-1)).toBe(timeOf(60))
    expect(records.map(({ row }) => row)).toEqual(expect.arrayContaining(all.map(({ row }) => row)))
  })

  test('begins with those of the very instant that is asked for', async () => {
    const from = timeOf(45)
    const { records } = await readSince(from)
    const ids = new Set(records.map(({ key }) => readKey(readKey(key, 2)[1] ?? '', 2)[0]))
    const meant = documents.filter((one) => Date.parse(String(one[modified])) >= Date.parse(from))
    const idOf = (one: Record_ | undefined) => String(one?.id ?? one?.BillingDocument)
    expect(ids.has(idOf(documents[45]))).toBe(true)
    expect(ids.has(idOf(documents[44]))).toBe(false)
    for (const id of ids)
      if (documents.some((one) => idOf(one) === id)) expect(meant.map((one) => idOf(one))).toContain(id)
  })

  test('is asked for by time and key, never by place', async () => {
    const before = office.simulator.state.requests.length
    await readSince('2026-01-01T00:00:00Z')
    const asked = office.simulator.state.requests
      .slice(before)
      .filter(({ url }) => url.searchParams.get('$filter')?.includes(modified))
    expect(asked.length).toBeGreaterThan(10)
    for (const { url, headers } of asked) {
      expect(url.searchParams.has('$skip')).toBe(false)
      expect(url.searchParams.get('$orderby')).toBeTruthy()
      if (dialect !== 'business-central') expect(url.searchParams.get('$filter')).toContain(`datetimeoffset'`)
      else {
        expect(url.searchParams.has('$top')).toBe(false)
        expect(headers.prefer).toBe(`odata.maxpagesize=${pageSize}`)
      }
    }
  })

  test('has what a record has become', async () => {
    const { pages } = await readSince('2026-01-01T00:00:00Z')
    const until =
      pages
        .map(({ modifiedUntil }) => modifiedUntil)
        .sort()
        .at(-1) ?? ''
    const document = documents[0] ?? {}
    const [line = {}] = document[lines] as Record_[]
    Object.assign(line, { netAmount: '777.70', NetAmount: '777.70' })
    document[modified] = '2026-11-22T00:00:00.5Z'
    const { records, pages: later } = await readSince(until)
    expect(records.map(({ row }) => Number(row.amount))).toContain(777.7)
    expect(later[0]?.modifiedUntil).toBe('2026-11-22T00:00:00.500Z')
    expect((await readSince('2026-11-22T00:00:00.501Z')).pages[0]?.modifiedUntil).toBe('2026-11-22T00:00:00.501Z')
  })
})

test('is no answer where the ERP has no instant there', async () => {
  const office = await openOData('business-central')
  const reader = office.connector.records as Required<RecordReader>
  const { salesInvoices } = office.sets
  Object.assign(salesInvoices?.shape ?? {}, { lastModifiedDateTime: 'date' })
  const reading = reader.readModified('sales', '2026-01-01T00:00:00Z', undefined, signal)
  await expect(reading).rejects.toMatchObject({ spec: { code: 'ERP_BAD_REPLY' } })
  await expect(reader.readModified('stock', '2026-01-01T00:00:00Z', undefined, signal)).rejects.toMatchObject({
    spec: { code: 'ERP_BAD_REPLY' },
  })
  await office.close()
})

test('is nothing that a mapping without such a time can tell', async () => {
  const office = await openOData('finance-operations')
  expect(office.connector.records?.readModified).toBeUndefined()
  await office.close()
})
