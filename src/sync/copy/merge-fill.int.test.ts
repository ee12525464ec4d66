import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Copy, CopyRecord } from './copy.ts'
import { fillWith } from './copy-fixture.ts'
import { asOf, at, codeOf, item, openItems, put, record, remove } from './items-fixture.ts'

const [run, another] = ['a0000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000002']

let items: Awaited<ReturnType<typeof openItems>>
let copy: Copy

beforeAll(async () => {
  items = await openItems()
})
afterAll(() => items.db.drop())
beforeEach(async () => {
  await items.reset()
  copy = items.open()
})

describe('a full sync', () => {
  test('reports what it added, changed and removed, and what no change had told of', async () => {
    const first = await fill([record('A', '1'), record('B', '2'), record('C', '3')])
    expect(first).toEqual({ added: 3, changed: 0, removed: 0, kept: 0, differences: [] })
    expect(await fill([record('A', '1.00'), record('B', '5'), record('D', '4')])).toEqual({
      added: 1,
      changed: 1,
      removed: 1,
      kept: 0,
      differences: [
        { key: 'C', kind: 'surplus' },
        { key: 'D', kind: 'missing' },
        { key: 'B', kind: 'field', field: 'unitPrice', copy: '2', erp: '5' },
      ],
    })
    expect(await items.read()).toEqual([item('A', '1'), item('B', '5'), item('D', '4')])
  })

  test('tells of nobody how to reach them', async () => {
    const vendor = (phone: string) => ({ key: 'V', row: { name: 'Daon', bizNo: '1', ceo: 'Kim', phone } })
    await fill([vendor('02-1')], 'vendor')
    const { differences } = await fill([vendor('02-2')], 'vendor')
    expect(differences).toEqual([{ key: 'V', kind: 'field', field: 'phone' }])
  })

  test('goes on where it was after a crash between pages', async () => {
    await copy.beginFill(run, 'item')
    await copy.stage(run, 'item', { records: [record('A', '1')], next: 'A', asOf })
    const restarted = items.open()
    expect(await restarted.beginFill(run, 'item')).toEqual({ cursor: 'A', isRead: false })
    await restarted.stage(run, 'item', {
      records: [record('B', '2')],
      next: undefined,
      asOf: '2026-11-23T03:00:00.000Z',
    })
    expect(await items.open().beginFill(run, 'item')).toEqual({ cursor: undefined, isRead: true })
    expect(await restarted.finishFill(run, 'item')).toMatchObject({ added: 2 })
    expect(await items.read()).toEqual([item('A', '1'), item('B', '2')])
    expect(await items.stateOf('item')).toMatchObject({ isFilled: true, asOf, records: 2 })
  })

  test('counts the later of a record that came on two pages, at first and again', async () => {
    for (const price of ['2', '4']) {
      await copy.beginFill(run, 'item')
      await copy.stage(run, 'item', { records: [record('A', '1'), record('B', '9')], next: 'B', asOf })
      await copy.stage(run, 'item', { records: [record('A', price)], next: undefined, asOf })
      await copy.finishFill(run, 'item')
      expect(await items.read()).toEqual([item('A', price), item('B', '9')])
    }
  })

  test('is not finished before its last page is there', async () => {
    await copy.beginFill(run, 'item')
    await copy.stage(run, 'item', { records: [record('A', '1')], next: 'A', asOf })
    expect(await codeOf(copy.finishFill(run, 'item'))).toBe('COPY_FILL_LOST')
  })

  test('gives way to another, and may be given up', async () => {
    await copy.beginFill(run, 'item')
    await copy.beginFill(another, 'item')
    const page = { records: [record('A', '1')], next: undefined, asOf }
    expect(await codeOf(copy.stage(run, 'item', page))).toBe('COPY_FILL_LOST')
    expect(await codeOf(copy.finishFill(run, 'item'))).toBe('COPY_FILL_LOST')
    await copy.abandonFill(run, 'item')
    await copy.stage(another, 'item', page)
    await copy.abandonFill(another, 'item')
    expect(await codeOf(copy.finishFill(another, 'item'))).toBe('COPY_FILL_LOST')
    expect(await codeOf(items.read())).toBe('COPY_NOT_READY')
  })

  test('keeps what changes brought since it began', async () => {
    await fillWith(copy, 'item', [record('A', '1'), record('B', '1'), record('C', '1'), record('D', '1')], asOf)
    await copy.apply([put('C', item('C', '1.5'))], at('0'))
    await copy.beginFill(run, 'item')
    const records = ['A', 'B', 'C', 'D', 'E', 'F'].map((code) => record(code, '2'))
    await copy.apply(
      [put('A', item('A', '9')), remove('B'), put('C', { unitPrice: '9' }), put('E', { unitPrice: '9' }), remove('F')],
      at('1'),
    )
    await copy.stage(run, 'item', { records: records.map(renamed), next: undefined, asOf })
    expect(await copy.finishFill(run, 'item')).toMatchObject({ added: 1, changed: 2, removed: 0, kept: 3 })
    expect(await items.read()).toEqual([
      item('A', '9'),
      // Of these only the price came with a change; the name is the full sync's.
      item('C', '9', 'Renamed'),
      item('D', '2', 'Renamed'),
      item('E', '9', 'Renamed'),
    ])
  })

  test('is seen whole or not at all', async () => {
    const many = (unitPrice: string) =>
      Array.from({ length: 3_000 }, (_, i) => record(`${unitPrice}-${i % 2 ? 'same' : unitPrice}-${i}`, unitPrice))
    await fillWith(copy, 'item', many('1'), asOf)
    await copy.beginFill(run, 'item')
    await copy.stage(run, 'item', { records: many('2'), next: undefined, asOf })
    let isDone = false
    const finished = copy.finishFill(run, 'item').finally(() => {
      isDone = true
    })
    const seen = new Set<string>()
    while (!isDone) seen.add([...new Set((await items.read()).map(({ unitPrice }) => unitPrice))].join())
    await finished
    seen.add([...new Set((await items.read()).map(({ unitPrice }) => unitPrice))].join())
    expect([...seen]).toEqual(['1', '2'])
  })

  async function fill(records: CopyRecord[], entity = 'item') {
    await copy.beginFill(run, entity)
    await copy.stage(run, entity, { records, next: undefined, asOf })
    return copy.finishFill(run, entity)
  }
  const renamed = ({ key, row }: CopyRecord): CopyRecord => ({ key, row: { ...row, name: 'Renamed' } })
})
