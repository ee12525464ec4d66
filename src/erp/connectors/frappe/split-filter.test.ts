import { describe, expect, test } from 'vitest'
import { type Comparison, every, type Filter, some } from '../../filter.ts'
import { mappedDocument } from './locate-field.ts'
import { catalog } from './open-frappe-fixture.ts'
import { splitFilter } from './split-filter.ts'

const sales = mappedDocument(catalog, 'sales')
const stock = mappedDocument(catalog, 'stock')
const fixed = [
  ['Sales Invoice', 'docstatus', '=', 1],
  ['Sales Invoice Item', 'name', 'is', 'set'],
]
const text = (field: string, value: string, operator: Comparison = 'eq'): Filter => {
  return { is: 'comparison', field, operator, right: { type: 'text', value } }
}
const date = (operator: Comparison, value: string): Filter => {
  return { is: 'comparison', field: 'date', operator, right: { type: 'date', value } }
}
const number = (value: string): Filter => {
  return { is: 'comparison', field: 'amount', operator: 'gt', right: { type: 'number', value } }
}
const contains = (value: string): Filter => ({ is: 'contains', field: 'item', text: value })
const split = (filter: Filter) => {
  const { filters, orFilters, rest } = splitFilter(filter, sales)
  return { sent: filters.slice(fixed.length), either: orFilters, rest: rest.is === 'every' ? rest.of : [rest] }
}

test('what the mapping fixes always goes along, and asks for documents with lines', () => {
  expect(splitFilter(every([]), sales)).toEqual({ filters: fixed, orFilters: [], rest: every([]) })
  expect(splitFilter(every([]), stock).filters).toEqual([])
})

describe('dates test a day, whether the field has a time or not', () => {
  test.each<[Comparison, unknown[]]>([
    ['eq', [['between', ['2026-11-30', '2026-11-30']]]],
    ['gte', [['>=', '2026-11-30']]],
    ['gt', [['>=', '2026-12-01']]],
    // A missing date is the year 1 in Frappe, and before everything.
    [
      'lt',
      [
        ['<', '2026-11-30'],
        ['is', 'set'],
      ],
    ],
    [
      'lte',
      [
        ['<', '2026-12-01'],
        ['is', 'set'],
      ],
    ],
  ])('%s', (operator, expected) => {
    const { sent, rest } = split(date(operator, '2026-11-30'))
    expect(sent.map(([, , ...test]) => test)).toEqual(expected)
    expect(rest).toEqual([])
  })

  test('but ne, which is left', () => {
    expect(split(date('ne', '2026-11-30'))).toMatchObject({ sent: [], rest: [{ operator: 'ne' }] })
  })
})

describe('a text within a text', () => {
  test('is a pattern', () => {
    expect(split(contains('베어'))).toMatchObject({
      sent: [['Sales Invoice Item', 'item_name', 'like', '%베어%']],
      rest: [],
    })
  })
  test.each([
    ['50%', '%50%%'],
    ['A_B', '%A_B%'],
    ['a\\b', '%a_b%'],
  ])('%s cannot be escaped, and is tested again', (asked, pattern) => {
    const { sent, rest } = split(contains(asked))
    expect(sent[0]?.[3]).toBe(pattern)
    expect(rest).toEqual([contains(asked)])
  })
})

test('a number with more digits than a float holds is not sent', () => {
  expect(split(number('9007199254740993')).rest).toHaveLength(1)
  expect(split(number('123456789012.345'))).toMatchObject({
    sent: [['Sales Invoice Item', 'base_net_amount', '>', '123456789012.345']],
    rest: [],
  })
})

describe('alternatives', () => {
  test('of one field are a list', () => {
    expect(split(some([text('customer', '가'), text('customer', '나')])).sent).toEqual([
      ['Sales Invoice', 'customer_name', 'in', ['가', '나']],
    ])
  })
  test('with blanks around them are in no list, which would trim them', () => {
    expect(split(some([text('customer', '가 '), text('customer', '나')])).either).toHaveLength(2)
  })
  test('across fields go once; a second set is tested here', () => {
    const choice = some([text('customer', '가'), text('region', '서울')])
    const other = some([text('item', 'x'), number('5')])
    const { either, rest } = split(every([choice, other]))
    expect(either.map(([, field]) => field)).toEqual(['customer_name', 'territory'])
    expect(rest).toEqual([other])
  })
  test('of several conditions each are tested here', () => {
    const rule = some([every([text('customer', '가'), text('region', '서울')]), text('customer', '나')])
    expect(split(rule)).toEqual({ sent: [], either: [], rest: [rule] })
  })
  test('that nothing passes are none', () => {
    expect(split(some([text('customer', '가'), some([])])).sent).toEqual([
      ['Sales Invoice', 'customer_name', 'in', ['가']],
    ])
  })
})

test('a field against a field, and a field of a linked document, are tested here', () => {
  const fields: Filter = { is: 'comparison', field: 'quantity', operator: 'lt', right: { field: 'safetyStock' } }
  expect(splitFilter(every([fields, text('item', '볼베어링')]), stock)).toEqual({
    filters: [],
    orFilters: [],
    rest: every([fields, text('item', '볼베어링')]),
  })
})
