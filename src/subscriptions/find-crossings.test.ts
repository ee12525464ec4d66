import { describe, expect, test } from 'vitest'
import { type BusinessQuery, loadCatalog } from '#catalog'
import type { QueryAnswer, Row } from '#erp'
import { findCrossings } from './find-crossings.ts'
import type { AlertMemory } from './subscription.ts'
import { watchQuery } from './watch-query.ts'

const catalog = loadCatalog('catalog', 'demo-odata')

type Judged = { columns?: QueryAnswer['columns']; of?: number; onlyNew?: boolean; rights?: string }

/** `of`: how many there are, where the rows are only the first of them. */
function judge(query: BusinessQuery, rows: Row[], memory: AlertMemory, judged: Judged = {}) {
  const { columns = [], of, onlyNew = false, rights = 'all' } = judged
  const watch = watchQuery({ query, onlyNew }, catalog)
  const entity = catalog.entities[query.entity]
  if (!watch || !entity) throw new Error('nothing to watch')
  const totals = query.groupBy || query.measures.length === 0 ? {} : (rows[0] ?? {})
  const answer: QueryAnswer = {
    ...{ columns, rows, totals, source: 'live', asOf: '2026-11-23T00:00:00.000Z' },
    completeness: of === undefined ? { kind: 'complete' } : { kind: 'first', of },
    timing: { planMs: 0, erpMs: 0, workMs: 0, calls: 1 },
  }
  return findCrossings(watch, answer, { entity, memory, rights })
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
    expect(watchQuery({ query: stock }, catalog)).toEqual({
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
    expect(watchQuery({ query }, catalog)).toMatchObject({ ask: { measures: ['quantity', 'safetyStock'] } })
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

describe('of more groups than an answer has room for', () => {
  const query: BusinessQuery = {
    ...{ entity: 'receivable', measures: ['balance'], groupBy: ['customer'] },
    where: [['balance', 'gt', 100]],
  }
  const rowOf = (customer: string, balance: number) => ({ customer, balance: String(balance) })

  test('those that may have crossed come first', () => {
    expect(watchQuery({ query }, catalog)?.ask.orderBy).toEqual([['balance', 'desc']])
    const low: BusinessQuery = { ...query, where: [['balance', 'lte', 5]] }
    expect(watchQuery({ query: low }, catalog)?.ask.orderBy).toEqual([['balance', 'asc']])
  })

  test('what is not among the first stays as it was, and is told once', () => {
    const first = judge(query, [rowOf('가온전자', 120)], null, { of: 3 })
    const cut = judge(query, [rowOf('한빛상사', 500)], first.memory, { of: 3 })
    expect(cut.memory.fired.toSorted()).toEqual(['["가온전자"]', '["한빛상사"]'])
    expect(judge(query, [rowOf('가온전자', 120), rowOf('한빛상사', 500)], cut.memory).crossings).toEqual([])
  })

  test('what is true now is remembered before what is out of sight', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `["옛 거래처 ${index}"]`)
    const now = judge(query, [rowOf('가온전자', 120)], { fired: many }, { of: 2_001 })
    expect(now.memory.fired).toHaveLength(2_000)
    expect(judge(query, [rowOf('가온전자', 130)], now.memory, { of: 2_001 }).crossings).toEqual([])
  })
})

const approvalColumns: QueryAnswer['columns'] = [
  { name: 'docNo', role: 'dimension', type: 'documentNo' },
  { name: 'title', role: 'dimension', type: 'text' },
  { name: 'date', role: 'dimension', type: 'date' },
]
const approval = (docNo: string, date = '2026-11-20') => ({ docNo, title: '가', date })

describe('of records', () => {
  const query: BusinessQuery = { entity: 'approval', measures: [], where: [['status', 'eq', 'pending']] }
  const columns = approvalColumns

  test('each is news once, whatever becomes of it', () => {
    const first = judge(query, [approval('AP-1')], null, { columns })
    expect(first.crossings).toHaveLength(1)
    const changed = { ...approval('AP-1'), title: '나' }
    const second = judge(query, [changed, approval('AP-2')], first.memory, { columns })
    expect(second.crossings.map(({ row }) => row.docNo)).toEqual(['AP-2'])
  })

  test('one that is not among the first of many is not news when it is back among them', () => {
    const first = judge(query, [approval('AP-1')], null, { columns, of: 501 })
    const second = judge(query, [approval('AP-2')], first.memory, { columns, of: 502 })
    expect(second.crossings.map(({ row }) => row.docNo)).toEqual(['AP-2'])
    expect(judge(query, [approval('AP-2'), approval('AP-1')], second.memory, { columns }).crossings).toEqual([])
  })
})

describe('of new records', () => {
  const query: BusinessQuery = { entity: 'approval', measures: [] }
  const options = { columns: approvalColumns, onlyNew: true }
  const numbersOf = ({ crossings }: ReturnType<typeof judge>) => crossings.map(({ row }) => row.docNo)

  test('none is asked for by a condition, and none is news that was there before', () => {
    expect(watchQuery({ query, onlyNew: true }, catalog)).toEqual({
      kind: 'found',
      ask: { entity: 'approval', measures: [], limit: 500 },
      onlyNew: true,
    })
    const first = judge(query, [approval('AP-1')], null, options)
    expect(numbersOf(first)).toEqual([])
    const second = judge(query, [approval('AP-2'), approval('AP-1')], first.memory, options)
    expect(numbersOf(second)).toEqual(['AP-2'])
    expect(numbersOf(judge(query, [approval('AP-2'), approval('AP-1')], second.memory, options))).toEqual([])
  })

  test('each is news once, even when it goes and comes back', () => {
    const first = judge(query, [], null, options)
    const second = judge(query, [approval('AP-1')], first.memory, options)
    const gone = judge(query, [], second.memory, options)
    expect(numbersOf(second)).toEqual(['AP-1'])
    expect(numbersOf(judge(query, [approval('AP-1')], gone.memory, options))).toEqual([])
  })

  test('an old one that comes into sight because another was deleted is none', () => {
    const first = judge(query, [approval('AP-9', '2026-11-20'), approval('AP-8', '2026-11-10')], null, {
      ...options,
      of: 600,
    })
    const second = judge(query, [approval('AP-9', '2026-11-20'), approval('AP-1', '2026-01-02')], first.memory, {
      ...options,
      of: 599,
    })
    expect(numbersOf(second)).toEqual([])
    const third = judge(query, [approval('AP-10', '2026-11-23'), approval('AP-9')], second.memory, {
      ...options,
      of: 600,
    })
    expect(numbersOf(third)).toEqual(['AP-10'])
  })

  test('what its owner may see since another role was given is none', () => {
    const first = judge(query, [approval('AP-1')], null, { ...options, rights: 'own' })
    const wider = judge(query, [approval('AP-2'), approval('AP-1')], first.memory, { ...options, rights: 'all' })
    expect(numbersOf(wider)).toEqual([])
    const third = judge(query, [approval('AP-3'), approval('AP-2')], wider.memory, { ...options, rights: 'all' })
    expect(numbersOf(third)).toEqual(['AP-3'])
  })
})
