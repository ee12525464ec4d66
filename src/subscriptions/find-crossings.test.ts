import { describe, expect, test } from 'vitest'
import { type BusinessQuery, loadCatalog } from '#catalog'
import type { QueryAnswer, Row } from '#erp'
import { findCrossings } from './find-crossings.ts'
import type { AlertMemory } from './subscription.ts'
import { watchQuery } from './watch-query.ts'

const catalog = loadCatalog('catalog', 'demo-odata')

function judge(query: BusinessQuery, rows: Row[], memory: AlertMemory, columns: QueryAnswer['columns'] = []) {
  const watch = watchQuery(query, catalog)
  const entity = catalog.entities[query.entity]
  if (!watch || !entity) throw new Error('nothing to watch')
  const totals = query.groupBy || query.measures.length === 0 ? {} : (rows[0] ?? {})
  const answer: QueryAnswer = {
    ...{ columns, rows, totals, source: 'live', asOf: '2026-11-23T00:00:00.000Z' },
    completeness: { kind: 'complete' },
    timing: { planMs: 0, erpMs: 0, workMs: 0, calls: 1 },
  }
  return findCrossings(watch, answer, { entity, memory })
}

const stock: BusinessQuery = {
  entity: 'stock',
  measures: ['quantity'],
  where: [
    ['item', 'eq', '볼베어링 6204'],
    ['quantity', 'lt', 100],
  ],
}

/** Whether each value in turn is told of. */
function tell(query: BusinessQuery, values: (string | null)[]): boolean[] {
  let memory: AlertMemory = null
  return values.map((quantity) => {
    const found = judge(query, [{ quantity }], memory)
    memory = found.memory
    return found.crossings.length > 0
  })
}

describe('an alert on a total', () => {
  test('asks for the total without the condition that it is held against', () => {
    expect(watchQuery(stock, catalog)).toEqual({
      kind: 'measured',
      ask: { entity: 'stock', measures: ['quantity'], where: [['item', 'eq', '볼베어링 6204']] },
      tests: [{ measure: 'quantity', operator: 'lt', limit: 100 }],
    })
  })

  test('tells once a crossing, and again only after the value was clearly back', () => {
    expect(tell(stock, ['150', '99', '80', '100', '101', '99', '102', '99', '98'])).toEqual([
      ...[false, true, false, false, false, false, false, true, false],
    ])
  })

  test('tells at once of what is so already, and nothing of a value that nobody knows', () => {
    expect(tell(stock, ['99'])).toEqual([true])
    expect(tell(stock, [null, '99', null, '99'])).toEqual([false, true, false, false])
  })

  test('holds a measure against another one of the same rows', () => {
    const query: BusinessQuery = { ...stock, where: [['quantity', 'lt', 'safetyStock']] }
    expect(watchQuery(query, catalog)).toMatchObject({ ask: { measures: ['quantity', 'safetyStock'] } })
    expect(judge(query, [{ quantity: '9.5', safetyStock: '10' }], null).crossings).toHaveLength(1)
    expect(judge(query, [{ quantity: '10', safetyStock: '10' }], null).crossings).toHaveLength(0)
  })
})

test('of groups, each crosses by itself', () => {
  const query: BusinessQuery = {
    ...{ entity: 'receivable', measures: ['balance'], groupBy: ['customer'] },
    where: [['balance', 'gt', 100]],
  }
  const first = judge(
    query,
    [
      { customer: '가온전자', balance: '120' },
      { customer: '한빛상사', balance: '90' },
    ],
    null,
  )
  expect(first.crossings.map(({ row }) => row.customer)).toEqual(['가온전자'])
  const second = judge(
    query,
    [
      { customer: '가온전자', balance: '130' },
      { customer: '한빛상사', balance: '110' },
    ],
    first.memory,
  )
  expect(second.crossings.map(({ row }) => row.customer)).toEqual(['한빛상사'])
  const paid = judge(query, [{ customer: '한빛상사', balance: '110' }], second.memory)
  expect(paid.memory.fired).toEqual(['["한빛상사"]'])
})

test('of records, each is news once, whatever becomes of it', () => {
  const query: BusinessQuery = { entity: 'approval', measures: [], where: [['status', 'eq', 'pending']] }
  const columns: QueryAnswer['columns'] = [
    { name: 'docNo', role: 'dimension', type: 'documentNo' },
    { name: 'title', role: 'dimension', type: 'text' },
  ]
  const first = judge(query, [{ docNo: 'AP-1', title: '가' }], null, columns)
  expect(first.crossings).toHaveLength(1)
  const second = judge(
    query,
    [
      { docNo: 'AP-1', title: '나' },
      { docNo: 'AP-2', title: '다' },
    ],
    first.memory,
    columns,
  )
  expect(second.crossings.map(({ row }) => row.docNo)).toEqual(['AP-2'])
})
