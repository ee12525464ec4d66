import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import { AggregateUnsupported, type ErpConnector, type GroupSpec, keyName, type RecordSpec } from './erp-connector.ts'
import { every, type Filter, some } from './filter.ts'
import { groupRecords } from './group-records.ts'
import { holds } from './holds.ts'
import type { AnswerSource, Row } from './query-answer.ts'

type Opened = { connector: ErpConnector; close: () => Promise<void> }

const fields = ['date', 'customer', 'item', 'region', 'quantity', 'amount', 'profit', 'invoiceNo']
const records: RecordSpec = {
  kind: 'records',
  entity: 'sales',
  filter: every([]),
  fields,
  orderBy: [],
  maxRows: 100_000,
}
const groups: GroupSpec = { ...records, kind: 'groups', keys: [], aggregates: [{ fn: 'count' }], having: [] }
const isText = (field: string, operator: 'eq' | 'ne', value: string): Filter => {
  return { is: 'comparison', field, operator, right: { type: 'text', value } }
}

type Options = {
  /** Groupings that the connector leaves to its caller: it must say so, and may not answer them in part. */
  leaves?: (spec: GroupSpec) => boolean
  /** Where its rows come from; `live` unless told. */
  source?: AnswerSource
}

/** What every connector must do. `open` gives one over at least a hundred sales of at least two customers. */
export function describeErpConnector(name: string, open: () => Promise<Opened>, options: Options = {}): void {
  const { leaves = () => false, source: ownSource = 'live' } = options
  describe(`${name} as an ERP connector`, () => {
    const { signal } = new AbortController()
    let connector: ErpConnector
    let close: () => Promise<void>
    /** The sales of the newest days, read whole: what everything else is held against. */
    let recent: Filter
    let all: Row[]

    beforeAll(async () => {
      ;({ connector, close } = await open())
      const newest = await connector.fetch(
        { ...records, orderBy: [{ by: 'date', descending: true }], limit: 100 },
        signal,
      )
      const from = String(newest.rows.at(-1)?.date)
      recent = { is: 'comparison', field: 'date', operator: 'gte', right: { type: 'date', value: from } }
      all = (await connector.fetch({ ...records, filter: recent }, signal)).rows
    })
    afterAll(async () => await close())

    const inOrder = (rows: Row[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort()
    async function isLeft(spec: GroupSpec): Promise<boolean> {
      if (!leaves(spec)) return false
      await expect(connector.fetch(spec, signal)).rejects.toBeInstanceOf(AggregateUnsupported)
      return true
    }
    const fetchRecent = (filter: Filter) => connector.fetch({ ...records, filter: every([recent, filter]) }, signal)

    test('has enough to test with', () => {
      expect(all.length).toBeGreaterThanOrEqual(100)
      expect(new Set(all.map((row) => row.customer)).size).toBeGreaterThan(1)
    })

    test('gives records of the fields asked for, decimals as plain texts, dates ISO', () => {
      for (const row of all) {
        expect(Object.keys(row).sort()).toEqual([...fields].sort())
        expect(row.amount).toMatch(/^-?\d+(\.\d*[1-9])?$/)
        expect(row.date).toMatch(/^\d{4}-\d\d-\d\d$/)
      }
    })

    test('cuts, and says how many there are', async () => {
      const orderBy = [{ by: 'amount', descending: true }]
      const { rows, count } = await connector.fetch({ ...records, filter: recent, orderBy, limit: 7 }, signal)
      const amounts = all.map((row) => Number(row.amount)).sort((a, b) => b - a)
      expect(rows.map((row) => Number(row.amount))).toEqual(amounts.slice(0, 7))
      expect(count).toBe(all.length)
    })

    test('says where from and when', async () => {
      const { source, asOf, calls } = await connector.fetch({ ...records, limit: 1 }, signal)
      expect(source).toBe(ownSource)
      expect(new Date(asOf).toISOString()).toBe(asOf)
      expect(calls).toBeGreaterThanOrEqual(1)
    })

    test.each<[string, (row: Row) => Filter]>([
      ['eq', (row) => isText('customer', 'eq', String(row.customer))],
      ['ne', (row) => isText('customer', 'ne', String(row.customer))],
      [
        'lt',
        (row) => ({
          is: 'comparison',
          field: 'amount',
          operator: 'lt',
          right: { type: 'number', value: String(row.amount) },
        }),
      ],
      [
        'lte',
        (row) => ({
          is: 'comparison',
          field: 'amount',
          operator: 'lte',
          right: { type: 'number', value: String(row.amount) },
        }),
      ],
      [
        'gt',
        (row) => ({
          is: 'comparison',
          field: 'date',
          operator: 'gt',
          right: { type: 'date', value: String(row.date) },
        }),
      ],
      [
        'gte',
        (row) => ({
          is: 'comparison',
          field: 'date',
          operator: 'gte',
          right: { type: 'date', value: String(row.date) },
        }),
      ],
      ['another field', () => ({ is: 'comparison', field: 'profit', operator: 'lt', right: { field: 'quantity' } })],
      ['contains', (row) => ({ is: 'contains', field: 'item', text: String(row.item).slice(1, 3) })],
      [
        'or',
        (row) => some([isText('customer', 'eq', String(row.customer)), isText('region', 'ne', String(row.region))]),
      ],
      [
        'or beside and',
        (row) =>
          every([
            some([isText('customer', 'ne', String(row.customer)), isText('item', 'eq', 'x')]),
            isText('region', 'eq', String(row.region)),
          ]),
      ],
    ])('filters by %s', async (_, make) => {
      const filter = make(all[Math.floor(all.length / 2)] ?? {})
      const expected = all.filter((row) => holds(filter, row))
      expect(inOrder((await fetchRecent(filter)).rows)).toEqual(inOrder(expected))
    })

    test.each(["O'Brien", "' or 1 eq 1 or '", '%', "''", '\\', '&$top=1', '한빛 + 상사', '#/?'])(
      'takes %s as a name',
      async (text) => {
        const filter = some([isText('customer', 'eq', text), { is: 'contains', field: 'item', text: `${text}${text}` }])
        expect((await fetchRecent(filter)).rows).toEqual([])
      },
    )

    test.each<[string, Partial<GroupSpec>]>([
      [
        'everything',
        {
          aggregates: [
            { fn: 'count' },
            { fn: 'sum', field: 'amount' },
            { fn: 'max', field: 'profit' },
            { fn: 'min', field: 'quantity' },
            { fn: 'distinct', field: 'invoiceNo' },
          ],
        },
      ],
      [
        'a field, values counted once',
        { keys: [{ field: 'item' }], aggregates: [{ fn: 'distinct', field: 'invoiceNo' }] },
      ],
      ['a field', { keys: [{ field: 'customer' }], aggregates: [{ fn: 'sum', field: 'amount' }, { fn: 'count' }] }],
      ['two fields', { keys: [{ field: 'region' }, { field: 'item' }], aggregates: [{ fn: 'sum', field: 'profit' }] }],
      ['everything, summed', { aggregates: [{ fn: 'count' }, { fn: 'sum', field: 'amount' }] }],
      [
        'a field, its greatest and least',
        {
          keys: [{ field: 'region' }],
          aggregates: [
            { fn: 'max', field: 'amount' },
            { fn: 'min', field: 'profit' },
          ],
        },
      ],
      ['a day', { keys: [{ field: 'date' }] }],
      [
        'a month',
        {
          keys: [{ field: 'date', part: 'year' }, { field: 'date', part: 'month' }, { field: 'region' }],
          aggregates: [{ fn: 'max', field: 'amount' }],
        },
      ],
      ['distinct values', { keys: [{ field: 'item' }], aggregates: [] }],
    ])('groups by %s', async (_, part) => {
      const spec = { ...groups, filter: recent, ...part }
      if (await isLeft(spec)) return
      const { rows, count } = await connector.fetch(spec, signal)
      expect(inOrder(rows)).toEqual(inOrder(groupRecords(all, spec)))
      expect(count).toBe(rows.length)
    })

    test('tests, orders and cuts groups', async () => {
      const spec: GroupSpec = {
        ...groups,
        filter: recent,
        keys: [{ field: 'customer' }],
        aggregates: [{ fn: 'sum', field: 'amount' }, { fn: 'count' }],
        having: [{ left: { fn: 'count' }, operator: 'gt', right: '1' }],
        orderBy: [
          { by: 'sum:amount', descending: true },
          { by: keyName({ field: 'customer' }), descending: false },
        ],
        limit: 3,
      }
      if (await isLeft(spec)) return
      const { rows, count } = await connector.fetch(spec, signal)
      const passing = groupRecords(all, spec).filter((row) => Number(row.count) > 1)
      const sums = passing.map((row) => Number(row['sum:amount'])).sort((a, b) => b - a)
      expect(rows.map((row) => Number(row['sum:amount']))).toEqual(sums.slice(0, 3))
      expect(count).toBe(passing.length)
    })

    test('tests and orders groups by how many values they have', async () => {
      const spec: GroupSpec = {
        ...groups,
        filter: recent,
        keys: [{ field: 'customer' }],
        aggregates: [{ fn: 'distinct', field: 'invoiceNo' }],
        having: [{ left: { fn: 'distinct', field: 'invoiceNo' }, operator: 'gte', right: '2' }],
        orderBy: [{ by: 'distinct:invoiceNo', descending: true }],
      }
      if (await isLeft(spec)) return
      const { rows } = await connector.fetch(spec, signal)
      const counts = new Map<unknown, Set<unknown>>()
      for (const { customer, invoiceNo } of all)
        counts.set(customer, (counts.get(customer) ?? new Set()).add(invoiceNo))
      const expected = [...counts.values()].map(({ size }) => size).filter((size) => size >= 2)
      expect(rows.map((row) => row['distinct:invoiceNo'])).toEqual(expected.sort((a, b) => b - a))
    })

    test('refuses rather than giving part of too much', async () => {
      const fetched = connector.fetch({ ...records, filter: recent, maxRows: 10 }, signal)
      await expect(fetched).rejects.toSatisfy(
        (error) => error instanceof AppError && error.spec.code === 'QUERY_TOO_BIG',
      )
    })

    test('stops when the caller does', async () => {
      const stopped = AbortSignal.abort(new Error('enough'))
      await expect(connector.fetch(records, stopped)).rejects.toThrow('enough')
    })

    test('has a status', () => {
      expect(connector.status().state).toBe('live')
    })
  })
}
