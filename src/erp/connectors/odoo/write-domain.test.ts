import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { every, type Filter, type Literal, some } from '../../filter.ts'
import type { OdooField } from './odoo-field.ts'
import { writeDomain } from './write-domain.ts'

const info = { type: 'char', relation: undefined, searchable: true, sortable: true, groupable: true }
const plain: OdooField = {
  name: '',
  path: '',
  hops: [],
  last: '',
  negated: false,
  info,
}
const fields: Record<string, Partial<OdooField>> = {
  name: { path: 'name' },
  customer: {
    path: 'order_id.partner_id.name',
    hops: [
      { field: 'order_id', model: 'o' },
      { field: 'partner_id', model: 'p' },
    ],
  },
  amount: { path: 'amount', info: { ...info, type: 'monetary' } },
  owed: { path: 'residual', negated: true, info: { ...info, type: 'monetary' } },
  day: { path: 'invoice_date', info: { ...info, type: 'date' } },
  at: { path: 'date_order', info: { ...info, type: 'datetime' } },
  partner: { path: 'partner_id', info: { ...info, type: 'many2one' } },
  computed: { path: 'computed', info: { ...info, searchable: false } },
}
const scope = {
  fieldOf: (name: string): OdooField => ({ ...plain, name, ...fields[name] }),
  timeZone: 'Asia/Seoul',
}
const domainOf = (filter: Filter) => writeDomain(filter, scope)
const is = (
  field: string,
  operator: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte',
  type: Literal['type'],
  value: string,
): Filter => ({
  is: 'comparison',
  field,
  operator,
  right: { type, value },
})
const text = (field: string, value: string, operator: 'eq' | 'ne' = 'eq') => is(field, operator, 'text', value)

describe('a domain', () => {
  test('is in prefix notation, and empty for everything', () => {
    const filter = every([text('name', 'a'), some([text('name', 'b'), every([text('name', 'c'), text('name', 'd')])])])
    expect(domainOf(filter).domain).toEqual([
      ...['&', ['name', '=', 'a'], '|', ['name', '=', 'b'], '&'],
      ...[
        ['name', '=', 'c'],
        ['name', '=', 'd'],
      ],
    ])
    expect(domainOf(every([]))).toEqual({ domain: [], isWhole: true })
    expect(domainOf(every([text('name', 'a'), some([])])).domain).toEqual(['&', ['name', '=', 'a'], [0, '=', 1]])
  })

  test('holds numbers digit by digit', () => {
    const write = (value: string, field = 'amount') => JSON.stringify(domainOf(is(field, 'gt', 'number', value)).domain)
    expect(write('12345678901234567890.1')).toBe('[["amount",">",12345678901234567890.1]]')
    expect(write('0.1', 'owed')).toBe('[["residual","<",-0.1]]')
    expect(write('-5', 'owed')).toBe('[["residual","<",5]]')
    expect(write('0', 'owed')).toBe('[["residual","<",0]]')
  })

  test('has names of one field in a list', () => {
    const names = (...values: string[]) => some(values.map((value) => text('name', value)))
    expect(domainOf(names('a', 'b')).domain).toEqual([['name', 'in', ['a', 'b']]])
    expect(domainOf(some([text('name', 'a'), text('customer', 'a')])).domain.at(0)).toBe('|')
    expect(domainOf(some([text('name', 'a'), text('name', 'b', 'ne')])).domain.at(0)).toBe('|')
    expect(
      domainOf(some([is('day', 'eq', 'date', '2026-11-01'), is('at', 'eq', 'date', '2026-11-01')])).domain.at(0),
    ).toBe('|')
  })

  test('finds what is not the value, and what has none, also behind an empty relation', () => {
    expect(domainOf(text('customer', 'A', 'ne')).domain).toEqual([
      ...['|', '|', ['order_id', '=', false], ['order_id.partner_id', '=', false]],
      ['order_id.partner_id.name', '!=', 'A'],
    ])
  })

  test.each([
    ['lt', [['date_order', '<', '2026-10-31 15:00:00']]],
    ['lte', [['date_order', '<', '2026-11-01 15:00:00']]],
    ['gt', [['date_order', '>=', '2026-11-01 15:00:00']]],
    ['gte', [['date_order', '>=', '2026-10-31 15:00:00']]],
    ['eq', ['&', ['date_order', '>=', '2026-10-31 15:00:00'], ['date_order', '<', '2026-11-01 15:00:00']]],
  ] as const)('takes a date for the instants of its day: %s', (operator, expected) => {
    expect(domainOf(is('at', operator, 'date', '2026-11-01')).domain).toEqual(expected)
  })

  test('takes a date for a date where the model has one', () => {
    expect(domainOf(is('day', 'lte', 'date', '2026-11-01')).domain).toEqual([['invoice_date', '<=', '2026-11-01']])
  })

  test('leaves out what it cannot say, and says so', () => {
    const against: Filter = { is: 'comparison', field: 'amount', operator: 'lt', right: { field: 'owed' } }
    expect(domainOf(every([text('name', 'a'), against]))).toEqual({ domain: [['name', '=', 'a']], isWhole: false })
    // Either of the two may pass, so that nothing may be left out but all.
    expect(domainOf(some([text('name', 'a'), against]))).toEqual({ domain: [], isWhole: false })
    for (const field of ['partner', 'computed'])
      expect(domainOf(text(field, 'a'))).toEqual({ domain: [], isWhole: false })
  })

  test('has a text as one value, and as no pattern, whatever it holds', () => {
    expect(domainOf({ is: 'contains', field: 'name', text: '50%_\\' }).domain).toEqual([
      ['name', 'like', '50\\%\\_\\\\'],
    ])
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        const wire = JSON.parse(JSON.stringify(domainOf(text('name', value)).domain))
        expect(wire).toEqual([['name', '=', value]])
      }),
    )
  })
})
