import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Condition, loadCatalog } from '#catalog'
import { parseFilter } from '../../../../demo/erp/odata/parse-filter.ts'
import type { FetchSpec, GroupSpec } from '../../erp-connector.ts'
import { every, type Filter, some } from '../../filter.ts'
import { recordFilter } from '../../resolve-condition.ts'
import { mappedSets } from './mapped-set.ts'
import { splitFilter } from './split-filter.ts'
import { writeGroupRequest, writeRecordRequest } from './write-request.ts'

const catalog = loadCatalog(join(import.meta.dirname, '../../../../catalog'), 'demo-odata')
const sales = catalog.entities.sales!
const [mapped] = mappedSets(catalog, 'sales')
const tables = { namesOf: () => new Map<string, string>() }
const writeFilter = (filter: Filter) => splitFilter(filter, { mapped, tables }, []).sent
const scope = { entity: 'sales', filter: every([]), orderBy: [], maxRows: 10 }
const groups: GroupSpec = { ...scope, kind: 'groups', keys: [], aggregates: [{ fn: 'count' }], having: [] }
const customer = (value: string): Filter => ({
  is: 'comparison',
  field: 'customer',
  operator: 'eq',
  right: { type: 'text', value },
})

function write(spec: FetchSpec): string {
  const filter = writeFilter(spec.filter)
  if (spec.kind === 'groups') return writeGroupRequest(mapped, spec, filter)
  const property = (field: string) => mapped.fields[field]!
  const order = [...spec.orderBy.map(({ by, descending }): [string, boolean] => [property(by), descending])]
  return writeRecordRequest({
    ...mapped,
    filter,
    paths: spec.fields.map((field) => [property(field)]),
    orderBy: [...order, ['LineId', false]],
    top: spec.limit,
  })
}

/** The query options as the server will read them. */
function optionsOf(spec: FetchSpec): Record<string, string> {
  const [path, query] = write(spec).split('?')
  expect(path).toBe('SalesInvoiceLines')
  return Object.fromEntries(new URLSearchParams(query))
}

describe('records', () => {
  test('are selected, filtered, ordered and cut, with the key last in the order', () => {
    const filter = every([
      customer('A'),
      { is: 'comparison', field: 'date', operator: 'gte', right: { type: 'date', value: '2026-11-01' } },
    ])
    const spec: FetchSpec = {
      ...scope,
      kind: 'records',
      fields: ['date', 'amount'],
      filter,
      orderBy: [{ by: 'date', descending: true }],
      limit: 5,
    }
    expect(optionsOf(spec)).toEqual({
      $filter: "CustomerName eq 'A' and DocumentDate ge 2026-11-01",
      $select: 'DocumentDate,Amount',
      $orderby: 'DocumentDate desc,LineId asc',
      $top: '5',
      $count: 'true',
    })
  })

  test('beyond what fits in a request line are refused, not cut', () => {
    const filter = some(Array.from({ length: 2_000 }, (_, i) => customer(`customer ${i}`)))
    expect(() => write({ ...scope, kind: 'records', fields: ['date'], filter })).toThrow('QUERY_TOO_BIG')
  })
})

describe('groups', () => {
  test('by fields and parts of dates, tested and ordered', () => {
    const spec: GroupSpec = {
      ...groups,
      filter: some([customer('A'), every([customer('B'), { is: 'contains', field: 'item', text: '%' }])]),
      keys: [{ field: 'customer' }, { field: 'date', part: 'year' }, { field: 'date', part: 'month' }],
      aggregates: [{ fn: 'sum', field: 'amount' }, { fn: 'max', field: 'profit' }, { fn: 'count' }],
      having: [
        { left: { fn: 'sum', field: 'amount' }, operator: 'gt', right: '100.5' },
        { left: { fn: 'count' }, operator: 'lte', right: { fn: 'max', field: 'profit' } },
      ],
      orderBy: [
        { by: 'sum:amount', descending: true },
        { by: 'date:month', descending: false },
      ],
      limit: 3,
    }
    expect(optionsOf(spec)).toEqual({
      $apply: [
        "filter((CustomerName eq 'A' or CustomerName eq 'B' and contains(ItemName,'%')))",
        'compute(year(DocumentDate) as date_year,month(DocumentDate) as date_month)',
        'groupby((CustomerName,date_year,date_month),aggregate(Amount with sum as sum_amount,Profit with max as max_profit,$count as record_count))',
        'filter(sum_amount gt 100.5 and record_count le max_profit)',
      ].join('/'),
      $orderby: 'sum_amount desc,date_month asc',
      $top: '3',
      $count: 'true',
    })
  })

  test('counted by the values of a field', () => {
    const distinct = { fn: 'distinct', field: 'invoiceNo' } as const
    const spec: GroupSpec = {
      ...groups,
      keys: [{ field: 'item' }],
      aggregates: [distinct],
      having: [{ left: distinct, operator: 'gt', right: '1' }],
      orderBy: [{ by: 'distinct:invoiceNo', descending: true }],
    }
    expect(optionsOf(spec)).toEqual({
      $apply:
        'groupby((ItemName),aggregate(InvoiceNo with countdistinct as distinct_invoiceNo))/filter(distinct_invoiceNo gt 1)',
      $orderby: 'distinct_invoiceNo desc',
    })
  })

  test('over everything, and of distinct values alone', () => {
    expect(optionsOf(groups)).toEqual({ $apply: 'aggregate($count as record_count)' })
    expect(optionsOf({ ...groups, keys: [{ field: 'region' }], aggregates: [] })).toEqual({
      $apply: 'groupby((RegionName))',
      $orderby: 'RegionName asc',
    })
  })

  test('by what the ERP does not have are refused', () => {
    expect(() => write({ ...groups, keys: [{ field: 'constructor' }] })).toThrow('QUERY_INVALID')
    expect(() => mappedSets(catalog, 'toString')).toThrow('QUERY_INVALID')
  })
})

describe('hostile values', () => {
  const fragments = fc.constantFrom(
    "'",
    "''",
    ' or 1 eq 1',
    ')',
    '(',
    '/',
    '$top=1',
    '&',
    '%27',
    '+',
    '\0',
    '\\',
    '\ud800',
    '한',
    ',',
  )
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(fragments, { maxLength: 12 }).map((parts) => parts.join('')),
  )

  test('are one literal, and nothing else of the request changes', () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const conditions: Condition[] = [
          ['customer', 'eq', a],
          ['item', 'contains', b],
        ]
        // Placeholders and control characters are refused before they get here.
        fc.pre(!/\p{Cc}/u.test(a + b))
        fc.pre(!conditions.some(([, , value]) => ['@me', '@today', '@myDepartment'].includes(String(value))))
        const filter = every(conditions.map((condition) => recordFilter(sales, condition)))
        const options = optionsOf({ ...scope, kind: 'records', fields: ['date'], filter })
        expect(Object.keys(options)).toEqual(['$filter', '$select', '$orderby'])
        expect(parseFilter(options.$filter ?? '')).toEqual({
          kind: 'logic',
          operator: 'and',
          parts: [
            {
              kind: 'compare',
              operator: 'eq',
              left: { kind: 'property', name: 'CustomerName' },
              right: { kind: 'literal', type: 'String', value: a.toWellFormed() },
            },
            {
              kind: 'call',
              name: 'contains',
              parts: [
                { kind: 'property', name: 'ItemName' },
                { kind: 'literal', type: 'String', value: b.toWellFormed() },
              ],
            },
          ],
        })
      }),
      { numRuns: 500 },
    )
  })

  test('where a number or a date belongs are refused, or are that number or date', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom('amount', 'date'), (text, field) => {
        let filter: Filter
        try {
          filter = recordFilter(sales, [field, 'gt', text])
        } catch {
          return
        }
        expect(writeFilter(filter)).toMatch(
          /^(Amount gt (-?[\d.]+|Quantity|Profit|Amount)|DocumentDate gt (\d{4}-\d\d-\d\d|DocumentDate))$/,
        )
      }),
      { numRuns: 500 },
    )
  })

  test('with control characters are refused', () => {
    for (const bad of ['a\0', '\n', '\u0085', '\x7f']) {
      expect(() => recordFilter(sales, ['customer', 'eq', bad])).toThrow('QUERY_INVALID')
      expect(() => recordFilter(sales, ['customer', 'contains', bad])).toThrow('QUERY_INVALID')
    }
  })

  test('numbers are plain decimals, however they were written', () => {
    const write = (value: string | number) => writeFilter(recordFilter(sales, ['amount', 'gte', value]))
    expect(write(100_000_000)).toBe('Amount ge 100000000')
    expect(write(1e21)).toBe('Amount ge 1000000000000000000000')
    expect(write(-0.1)).toBe('Amount ge -0.1')
    expect(write('12.50')).toBe('Amount ge 12.5')
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, '', ' 1', '0x10', '1e999'])
      expect(() => write(bad)).toThrow('QUERY_INVALID')
  })
})
