import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type BusinessQuery, loadCatalog, permitQuery, type RowFilter } from '#catalog'
import { AppError } from '#platform/errors'
import { findHeldEntity } from './held-entity.ts'

const catalog = loadCatalog(join(import.meta.dirname, '../../catalog'), 'erpnext')
const find = (query: BusinessQuery, rows: RowFilter = 'all') =>
  findHeldEntity(catalog, permitQuery(query, rows, 'tester'))

/** The sentences a reader meets, in both languages. */
function refusal(query: BusinessQuery, rows?: RowFilter): string[] {
  try {
    find(query, rows)
  } catch (error) {
    if (error instanceof AppError) return [error.spec.code, error.sentence('ko'), error.sentence('en')]
    throw error
  }
  throw new Error('was answered')
}

test('an entity that the ERP has nothing for is said to be missing by its name', () => {
  expect(refusal({ entity: 'approval', measures: ['count'] })).toEqual([
    'NOT_IN_ERP',
    '연결된 ERP에 ‘결재’ 데이터가 없어서 답할 수 없어요. 다른 항목으로 물어보고, 꼭 필요하면 ERP 담당자에게 알려 주세요.',
    'The connected ERP has no data for “Approval”. Ask about something else, or tell the ERP team if you need it.',
  ])
})

describe('a field that the ERP has nothing for', () => {
  test.each<[string, Omit<BusinessQuery, 'entity'>]>([
    ['measured', { measures: ['max:profit'] }],
    ['grouped by', { measures: ['amount'], groupBy: ['salesperson'] }],
    ['filtered by', { measures: ['amount'], where: [['department', 'eq', '영업팀']] }],
    ['compared with', { measures: [], where: [['amount', 'lt', 'profit']] }],
    ['sorted by', { measures: ['amount'], orderBy: [['profit', 'desc']] }],
    ['listed', { measures: [], select: ['salesperson'] }],
    ['part of a percentage', { measures: ['marginRate'] }],
  ])('and is %s is said to be missing', (_, query) => {
    expect(refusal({ entity: 'sales', ...query })[0]).toBe('NOT_IN_ERP')
  })

  test('lets nobody in whose rows it would tell', () => {
    expect(refusal({ entity: 'sales', measures: ['amount'] }, [[['salesperson', 'eq', '김민수']]])[2]).toContain(
      'Salesperson',
    )
  })

  test('is left out where nobody asked for it', () => {
    const sales = find({ entity: 'sales', measures: [] })
    expect(sales.columns).toEqual(['date', 'customer', 'item', 'quantity', 'amount', 'invoiceNo', 'region', 'category'])
    expect(Object.keys(sales.measures)).toEqual(['amount', 'quantity'])
  })

  test('is no part of a text that happens to be its name', () => {
    expect(find({ entity: 'sales', measures: ['amount'], where: [['customer', 'eq', 'profit']] }).entity).toBe('sales')
  })
})

describe('a code that the ERP has no word for', () => {
  const odoo = loadCatalog(join(import.meta.dirname, '../../catalog'), 'odoo')
  const ask = (where: BusinessQuery['where'], rows: RowFilter = 'all') =>
    findHeldEntity(
      odoo,
      permitQuery({ entity: 'salesOrder', measures: ['count'], ...(where && { where }) }, rows, 'tester'),
    )

  test.each(['eq', 'ne', 'in'] as const)('is said to be missing: none of it would be wrong (%s)', (operator) => {
    const value = operator === 'in' ? ['open', 'cancelled'] : 'cancelled'
    expect(() => ask([['status', operator, value]])).toThrow('NOT_IN_ERP')
  })

  test('lets nobody in whose rows it would tell', () => {
    expect(() => ask(undefined, [[['status', 'eq', 'closed']]])).toThrow('NOT_IN_ERP')
  })

  test('is no word of the ERP’s own, nor a code that it has', () => {
    expect(ask([['status', 'in', ['open', 'shipped', 'something else']]]).entity).toBe('salesOrder')
  })
})

test('what is not in the catalog is no question for an ERP', () => {
  expect(refusal({ entity: 'gift', measures: ['count'] })[0]).toBe('QUERY_INVALID')
})
