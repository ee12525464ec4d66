import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Comparison, every, type Filter, some } from '../../filter.ts'
import { holds } from '../../holds.ts'
import type { Row } from '../../query-answer.ts'
import { type DialectName, dialects } from './dialect.ts'
import type { MappedSet } from './mapped-set.ts'
import { grammars, passes, type Record_, readFilter, type Shape } from './simulator-filter-fixture.ts'
import { needsTest, splitFilter, writeWhere } from './split-filter.ts'

const names: Record<string, string> = { K1: '김', K2: "O'Neill", K3: 'A*B' }
const tables = { namesOf: () => new Map(Object.entries(names)) }

/** A document with a line, whose customer is a key and whose balance has the opposite sign. */
function mappedTo(name: DialectName): MappedSet {
  const dialect = dialects[name]
  return {
    ...{ dialect, set: 'Set', key: ['id'], lines: 'Lines', where: [] },
    fields: {
      ...{
        customer: 'Customer',
        item: 'Lines/Item',
        region: 'Region',
        invoiceNo: 'Number',
        date: 'Day',
        dueDate: 'Created',
      },
      ...{
        amount: 'Amount',
        profit: '-Loss',
        quantity: 'Lines/Quantity',
        status: 'Status',
        shipped: 'Shipped',
        place: 'Plant/City',
      },
    },
    types: { Created: 'utc', Status: 'Office.Status', Shipped: 'boolean' },
    names: { customer: { dialect, set: 'Customers', key: 'key', name: 'name', where: [] } },
  }
}

function shapeOf(name: DialectName): Shape {
  return {
    ...{
      Customer: 'text',
      Region: 'text',
      Number: 'text',
      Day: dialects[name].dates,
      Created: 'instant',
      Amount: 'decimal',
    },
    ...{ Loss: 'decimal', Status: 'enum:Office.Status', Shipped: 'boolean', Plant: { City: 'text' } },
    Lines: [{ Item: 'text', Quantity: 'decimal' }],
  }
}

const days = ['2026-11-01', '2026-11-02', '2026-11-03']
const words = ['', 'k', "O'Neill", 'A*B', 'AxB', '50%', 'x) or (1 eq 1']
const row: fc.Arbitrary<Row> = fc.record({
  customer: fc.constantFrom(...Object.values(names)),
  item: fc.constantFrom(...words.slice(1)),
  region: fc.constantFrom(null, ...words.slice(1)),
  invoiceNo: fc.constantFrom(...words.slice(1)),
  place: fc.constantFrom(...words.slice(1)),
  date: fc.constantFrom(...days),
  dueDate: fc.constantFrom(...days),
  amount: fc.constantFrom('-1', '0', '2.5'),
  profit: fc.constantFrom('-1', '0', '2.5'),
  quantity: fc.constantFrom('-1', '0', '2.5'),
  status: fc.constantFrom('Open', 'Done'),
  shipped: fc.constantFrom('true', 'false'),
})

/** The record that the ERP has for a row. An instant is late on the day of Seoul, so early on another's. */
function recordOf(own: Row, name: DialectName): Record_ {
  const { dates } = dialects[name]
  const empty = dialects[name].emptyText ? '' : null
  return {
    ...{
      Customer: Object.keys(names).find((key) => names[key] === own.customer) ?? '',
      Region: String(own.region ?? '') || empty,
    },
    ...{ Number: String(own.invoiceNo), Day: dates === 'instant' ? `${own.date}T12:00:00Z` : String(own.date) },
    ...{ Created: new Date(Date.parse(`${own.dueDate}T00:30:00+09:00`)).toISOString(), Amount: String(own.amount) },
    ...{ Loss: String(-Number(own.profit)), Status: String(own.status), Shipped: own.shipped === 'true' },
    Plant: { City: String(own.place) },
  }
}

const operator = fc.constantFrom<Comparison>('eq', 'ne', 'lt', 'lte', 'gt', 'gte')
const compare = (field: string, by: Comparison, type: 'text' | 'date' | 'number', value: string): Filter => {
  return { is: 'comparison', field, operator: by, right: { type, value } }
}
const text = fc.constantFrom('customer', 'item', 'region', 'invoiceNo', 'place')
const number = fc.constantFrom('amount', 'profit', 'quantity')
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc
    .tuple(text, fc.constantFrom<Comparison>('eq', 'ne'), fc.constantFrom(...words, '김', '없음'))
    .map(([field, by, value]) => compare(field, by, 'text', value)),
  fc
    .tuple(text, fc.constantFrom(...words.slice(1), '김'))
    .map(([field, part]): Filter => ({ is: 'contains', field, text: part })),
  fc
    .tuple(fc.constantFrom('date', 'dueDate'), operator, fc.constantFrom(...days))
    .map(([field, by, value]) => compare(field, by, 'date', value)),
  fc
    .tuple(number, operator, fc.constantFrom('0', '2.5', '-1'))
    .map(([field, by, value]) => compare(field, by, 'number', value)),
  fc
    .tuple(number, operator, number)
    .map(([field, by, other]): Filter => ({ is: 'comparison', field, operator: by, right: { field: other } })),
  fc.constantFrom(
    compare('status', 'eq', 'text', 'Open'),
    compare('status', 'ne', 'text', 'Done'),
    compare('shipped', 'eq', 'text', 'true'),
  ),
)
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map(every),
    fc.array(tie('filter'), { maxLength: 3 }).map(some),
  ),
}))

describe.each(Object.keys(dialects) as DialectName[])('%s', (name) => {
  const scope = { mapped: mappedTo(name), tables }

  test('what is sent is understood, and with what is tested here it is the filter', () => {
    fc.assert(
      fc.property(filter, row, (asked, own) => {
        const split = splitFilter(asked, scope, [])
        const sent = split.sent === undefined ? undefined : readFilter(split.sent, shapeOf(name), grammars[name])
        const isSent = !split.isNever && (!sent || passes(sent, recordOf(own, name), grammars[name]))
        expect(isSent && holds(split.rest, own)).toBe(holds(asked, own))
      }),
      { numRuns: 2_000 },
    )
  })

  test('a plain condition is left to the ERP', () => {
    for (const plain of [
      compare('invoiceNo', 'eq', 'text', 'k'),
      compare('date', 'gte', 'date', '2026-11-01'),
      compare('amount', 'lt', 'number', '1'),
    ])
      expect(needsTest(splitFilter(plain, scope, []))).toBe(false)
  })
})

test('a mapping’s own conditions are in the ERP’s words', () => {
  const write = (name: DialectName, types: Record<string, string> = {}) =>
    writeWhere(
      [
        ['Status', 'in', ['Open', "it's"]],
        ['Shipped', 'eq', false],
        ['Amount', 'ge', 10],
      ],
      { types, dialect: dialects[name] },
    )
  expect(write('standard')).toEqual(["(Status eq 'Open' or Status eq 'it''s')", 'Shipped eq false', 'Amount ge 10'])
  expect(write('s4hana-v2')).toEqual(["(Status eq 'Open' or Status eq 'it''s')", 'Shipped eq false', 'Amount ge 10m'])
})

test('more keys of a name than fit are tested here', () => {
  const many = { namesOf: () => new Map(Array.from({ length: 41 }, (_, i) => [`K${i}`, `이름 ${i}`])) }
  const contains: Filter = { is: 'contains', field: 'customer', text: '이름' }
  const split = splitFilter(contains, { mapped: mappedTo('s4hana-v2'), tables: many }, [])
  expect(split).toMatchObject({ sent: undefined, rest: contains })
})
