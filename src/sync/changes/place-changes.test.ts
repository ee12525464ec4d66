import { expect, test } from 'vitest'
import type { ChangeRule } from '#catalog'
import { loadCatalog } from '#catalog'
import type { RecordReader, Row } from '#erp'
import { erpErrors } from '#erp'
import { AppError } from '#platform/errors'
import type { TableChange } from './change-source.ts'
import { createPlacement } from './place-changes.ts'

const demo = loadCatalog('catalog', 'demo-odata')
const { signal } = new AbortController()
const committedAt = '2026-11-23T03:00:00.000Z'
const vendorFields = { name: 'name', bizNo: 'biz_no', ceo: 'ceo', phone: 'phone' }

type Asked = { keys?: readonly string[]; where?: [string, readonly string[]] }

/** An ERP in which every key and value has records, but those of `gone`. */
function openErp(
  rules: Record<string, ChangeRule[]>,
  options: { isStrict?: boolean; limit?: number; pages?: number } = {},
) {
  const asked: Asked[] = []
  const gone = new Set<string>()
  const failures = new Map<string, AppError>()
  const row = (key: string): Row => ({ name: `row of ${key}`, account: `account of ${key}` })
  const records: RecordReader = {
    readPage: async () => ({ records: [], next: undefined, asOf: committedAt }),
    readKeys: async (entity, keys) => {
      const failure = failures.get(entity)
      if (failure) throw failure
      asked.push({ keys })
      return keys.filter((key) => !gone.has(key)).map((key) => ({ key, row: row(key) }))
    },
    readWhere: async (_entity, field, values, after) => {
      asked.push({ where: [field, values] })
      const page = Number(after ?? 0) + 1
      const found = values.map((value) => ({ key: `${value} ${page}`, row: row(value) }))
      return { records: found, next: page < (options.pages ?? 2) ? String(page) : undefined, asOf: committedAt }
    },
  }
  const catalog = { ...demo, mapping: { ...demo.mapping, changes: { source: 'postgres' as const, tables: rules } } }
  const { limit = 1_000, isStrict = false } = options
  const place = createPlacement({
    catalog,
    records,
    readHeld: async (_entity, keys) => keys.map((key) => ({ account: `held account of ${key}` })),
    limits: { keys: limit, records: limit },
    isStrict,
  })
  return { asked, gone, failures, place: (...changes: Partial<TableChange>[]) => place(changes.map(fill), signal) }
}

const fill = (change: Partial<TableChange>): TableChange => ({ table: 'erp.t', kind: 'update', committedAt, ...change })

test('a row that has every field is placed as it is, each record once, what was not sent left out', async () => {
  const { place, asked } = openErp({ 'erp.t': [{ entity: 'vendor', key: ['id'], fields: vendorFields }] })
  const row = { id: 7, name: 'a', biz_no: null, ceo: 'c', phone: '1' }
  const { changes } = await place(
    { kind: 'insert', after: row },
    { after: { ...row, name: 'b', ceo: undefined } },
    { before: { ...row, id: 8 }, after: { ...row, id: 9 } },
    { kind: 'delete', before: { id: 10 } },
  )
  expect(changes).toEqual([
    { kind: 'put', entity: 'vendor', key: '7', row: { name: 'b', bizNo: null, ceo: 'c', phone: '1' } },
    { kind: 'remove', entity: 'vendor', key: '8' },
    { kind: 'put', entity: 'vendor', key: '9', row: { name: 'a', bizNo: null, ceo: 'c', phone: '1' } },
    { kind: 'remove', entity: 'vendor', key: '10' },
  ])
  expect(asked).toEqual([])
})

test('a row that has not is read again by its key, once, and is gone when it is not found', async () => {
  const { place, asked, gone } = openErp({ 'erp.t': [{ entity: 'customer', key: ['id'] }] })
  gone.add('2')
  const { changes } = await place({ after: { id: 1 } }, { after: { id: 1 } }, { kind: 'delete', before: { id: 2 } })
  expect(asked).toEqual([{ keys: ['1', '2'] }])
  expect(changes.map(({ kind, key }) => [kind, key])).toEqual([
    ['put', '1'],
    ['remove', '2'],
  ])
})

test('at most 200 keys are asked for at a time', async () => {
  const { place, asked } = openErp({ 'erp.t': [{ entity: 'customer', key: ['id'] }] })
  await place(...Array.from({ length: 450 }, (_, id) => ({ after: { id } })))
  expect(asked.map(({ keys }) => keys?.length)).toEqual([200, 200, 50])
})

test('records with a value are read again page by page, with the value before and after', async () => {
  const { place, asked } = openErp({ 'erp.t': [{ entity: 'sales', where: { CustomerName: 'name' }, when: ['name'] }] })
  const { changes } = await place(
    { before: { name: 'a', phone: '1' }, after: { name: 'b', phone: '1' } },
    { before: { name: 'c', phone: '1' }, after: { name: 'c', phone: '2' } },
  )
  expect(asked).toEqual([{ where: ['CustomerName', ['a', 'b']] }, { where: ['CustomerName', ['a', 'b']] }])
  expect(changes.map(({ key }) => key)).toEqual(['a 1', 'b 1', 'a 2', 'b 2'])
})

test('a rule through another entity takes the values of its records, read again and held before', async () => {
  const rules: ChangeRule[] = [
    { entity: 'expense', key: ['id'] },
    { entity: 'budget', through: 'expense', where: { AccountName: 'account' } },
  ]
  const { place, asked } = openErp({ 'erp.t': rules })
  await place({ after: { id: 1 } })
  expect(asked[1]).toEqual({ where: ['AccountName', ['account of 1', 'held account of 1']] })
})

test('more than the bound, a truncate and a rule for all are read as a whole', async () => {
  const where = { CustomerName: 'name' }
  const tables: Record<string, ChangeRule[]> = {
    'erp.big': [{ entity: 'sales', where }],
    'erp.cut': [{ entity: 'stock', key: ['id'] }],
    'erp.all': [{ entity: 'receivable', all: true }],
    'erp.fine': [{ entity: 'customer', key: ['id'] }],
  }
  const { place } = openErp(tables, { limit: 3, pages: 9 })
  const { whole, changes } = await place(
    { table: 'erp.big', after: { name: 'a' } },
    { table: 'erp.cut', kind: 'truncate' },
    { table: 'erp.all', after: {} },
    { table: 'erp.fine', after: { id: 1 } },
  )
  expect(Object.fromEntries(whole)).toEqual({
    sales: { reason: expect.stringContaining('more than 3 records'), isLasting: false },
    stock: { reason: expect.stringContaining('erp.cut'), isLasting: false },
    receivable: { reason: expect.stringContaining('erp.all'), isLasting: false },
  })
  expect(changes.map(({ entity }) => entity)).toEqual(['customer'])
})

test('an entity that the ERP does not give keeps no other waiting; an ERP that is down keeps all', async () => {
  const { place, failures } = openErp({
    'erp.t': [
      { entity: 'customer', key: ['id'] },
      { entity: 'receivable', key: ['id'] },
    ],
  })
  failures.set('receivable', new AppError(erpErrors.notHeld))
  const { whole, changes } = await place({ after: { id: 1 } })
  expect([...whole]).toEqual([['receivable', { reason: expect.stringContaining('NOT_IN_ERP'), isLasting: true }]])
  expect(changes).toHaveLength(1)
  failures.set('receivable', new AppError(erpErrors.badReply))
  for (let i = 0; i < 5; i += 1) await expect(place({ after: { id: 1 } })).rejects.toThrow('ERP_BAD_REPLY')
  expect([...(await place({ after: { id: 1 } })).whole]).toEqual([
    ['receivable', { reason: expect.stringContaining('ERP_BAD_REPLY'), isLasting: false }],
  ])
  failures.set('customer', new AppError(erpErrors.unavailable))
  await expect(place({ after: { id: 1 } })).rejects.toThrow('ERP_UNAVAILABLE')
})

test.each([
  ['a key', [{ entity: 'customer', key: ['id'] }], { name: 'a' }],
  ['a value', [{ entity: 'sales', where: { CustomerName: 'name' } }], { id: 1 }],
  ['a field', [{ entity: 'vendor', key: ['id'], fields: vendorFields }], { id: 1, name: 'a' }],
] as [string, ChangeRule[], TableChange['after']][])(
  'a column for %s that is not there any more lasts',
  async (_, rules, after) => {
    const { whole } = await openErp({ 'erp.t': rules }).place({ after: after ?? {} })
    expect([...whole.values()]).toEqual([{ reason: expect.stringContaining('erp.t'), isLasting: true }])
  },
)

test('unknown tables are counted', async () => {
  const { unknown, placed } = await openErp({}).place({ table: 'erp.x' }, { table: 'erp.x' })
  expect([[...unknown], placed]).toEqual([[['erp.x', 2]], 0])
})

const itemRule: ChangeRule = {
  entity: 'item',
  key: ['id'],
  fields: { code: 'id', name: 'name', category: 'category', unitPrice: 'price' },
}
test.each([
  ['a Base64 decimal', 'Az8='],
  ['a double', 12.5],
  ['no number', 'NaN'],
  ['a truth', true],
])('%s is no price: refused where the sender can do otherwise, read anew where not', async (_, price) => {
  const after = { id: 'A', name: 'a', category: 'c', price }
  await expect(openErp({ 'erp.t': [itemRule] }, { isStrict: true }).place({ after })).rejects.toThrow('CHANGES_VALUE')
  const { whole } = await openErp({ 'erp.t': [itemRule] }).place({ after })
  expect([...whole]).toEqual([['item', { reason: expect.stringContaining('erp.t'), isLasting: false }]])
})

test('decimals stay the texts they are', async () => {
  const after = { id: 'A', name: 'a', category: 'c', price: '12345678901234567.89' }
  const { changes } = await openErp({ 'erp.t': [itemRule] }, { isStrict: true }).place({ after })
  expect(changes[0]).toMatchObject({ row: { unitPrice: '12345678901234567.89' } })
})
