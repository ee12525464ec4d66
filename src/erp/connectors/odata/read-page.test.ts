import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import type { FetchSpec } from '../../erp-connector.ts'
import { every } from '../../filter.ts'
import { mappedSets } from './mapped-set.ts'
import { readPage } from './read-page.ts'
import { createGroupReader, createRowReader } from './read-rows.ts'

const catalog = loadCatalog(join(import.meta.dirname, '../../../../catalog'), 'demo-odata')
const scope = { filter: every([]), orderBy: [], maxRows: 10 }
const tables = { namesOf: () => new Map<string, string>() }
const readerOf = (spec: FetchSpec) => {
  const [entity, mapped] = [catalog.entities[spec.entity]!, mappedSets(catalog, spec.entity)[0]]
  const read =
    spec.kind === 'groups'
      ? createGroupReader(entity, mapped, spec)
      : createRowReader(entity, mapped, spec.fields, tables)
  return (text: string) => {
    const { records, ...page } = readPage(text, 4)
    return { rows: records.flatMap(read), ...page }
  }
}
const readSales = readerOf({ ...scope, kind: 'records', entity: 'sales', fields: ['date', 'customer', 'amount'] })
const page = (...rows: string[]) => `{"@odata.context":"$metadata#X","value":[${rows.join(',')}]}`

test('decimals keep every digit, as numbers and as texts', () => {
  const row = (amount: string) =>
    `{"DocumentDate":"2026-11-23","CustomerName":"A","Amount":${amount},"@odata.etag":"x"}`
  const amounts = [
    '0.1',
    '9007199254740993',
    '"12345678901234567890.123456789"',
    '-5.50',
    '1e2',
    '"0.00"',
    '-0',
    'null',
  ]
  expect(readSales(page(...amounts.map(row))).rows.map(({ amount }) => amount)).toEqual([
    ...['0.1', '9007199254740993', '12345678901234567890.123456789', '-5.5', '100', '0', '0'],
    null,
  ])
})

test('groups have counts and parts of dates as numbers, sums as texts', () => {
  const read = readerOf({
    ...scope,
    kind: 'groups',
    entity: 'sales',
    keys: [{ field: 'customer' }, { field: 'date', part: 'year' }],
    aggregates: [{ fn: 'sum', field: 'amount' }, { fn: 'count' }],
    having: [],
  })
  const text = page('{"CustomerName":null,"date_year":"2026","sum_amount":"10.10","record_count":"3"}')
  expect(read(text.replace('"value"', '"@odata.count":"7","@odata.nextLink":"?$skiptoken=1","value"'))).toEqual({
    rows: [{ customer: null, 'date:year': 2026, 'sum:amount': '10.1', count: 3 }],
    count: 7,
    nextLink: '?$skiptoken=1',
  })
})

test('attributes that are numbers are numbers where they are whole', () => {
  const read = readerOf({ ...scope, kind: 'records', entity: 'receivable', fields: ['overdueDays'] })
  expect(read(page('{"OverdueDays":12}', '{"OverdueDays":"1.5"}', '{"OverdueDays":null}')).rows).toEqual([
    { overdueDays: 12 },
    { overdueDays: '1.5' },
    { overdueDays: null },
  ])
})

test.each([
  ['half a page', '{"value":[{"Amount":1'],
  ['a page of HTML', '<!doctype html>'],
  ['no collection', '{"error":{"code":"x","message":"y"}}'],
  ['an array', '[]'],
  ['a row that is none', page('1')],
  ['a property that is missing', page('{"DocumentDate":"2026-11-23","CustomerName":"A"}')],
  ['a text for an amount', page('{"DocumentDate":"2026-11-23","CustomerName":"A","Amount":"1,000"}')],
  [
    'a number for a name',
    page('{"DocumentDate":"2026-11-23","CustomerName":1,"Amount":"1"}').replace(
      '"CustomerName":1',
      '"CustomerName":{}',
    ),
  ],
  ['an odd date', page('{"DocumentDate":"23.11.2026","CustomerName":"A","Amount":"1"}')],
  ['an odd count', page().replace('"value"', '"@odata.count":"many","value"')],
])('%s is no page', (_, text) => {
  expect(() => readSales(text)).toThrow()
})
