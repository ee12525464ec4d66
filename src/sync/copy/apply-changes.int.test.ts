import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Copy } from './copy.ts'
import { fillWith } from './copy-fixture.ts'
import { asOf, at, codeOf, item, openItems, put, record, remove } from './items-fixture.ts'

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

describe('changes', () => {
  test('are applied, and told with the record before and after', async () => {
    await fillWith(copy, 'item', [record('A', '1.50'), record('B', '2')], asOf)
    const applied = await copy.apply([put('A', item('A', '3')), remove('B'), put('C', item('C', '4.0'))], at('1'))
    expect(applied).toEqual([
      { entity: 'item', key: 'A', before: item('A', '1.5'), after: item('A', '3') },
      { entity: 'item', key: 'C', after: item('C', '4') },
      { entity: 'item', key: 'B', before: item('B', '2') },
    ])
    expect(await items.read()).toEqual([item('A', '3'), item('C', '4')])
    expect(await items.stateOf('item')).toMatchObject({ records: 2, changedAt: asOf })
  })

  test('that change nothing are not told', async () => {
    await fillWith(copy, 'item', [record('A', '1.50')], asOf)
    expect(await copy.apply([put('A', item('A', '1.5')), remove('X')], at('1'))).toEqual([])
  })

  test('at a position that was there already are skipped whole', async () => {
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    await copy.apply([put('A', item('A', '2'))], at('0000000A'))
    expect(await copy.apply([put('A', item('A', '9'))], at('0000000A'))).toEqual([])
    expect(await copy.apply([put('A', item('A', '9'))], at('00000009'))).toEqual([])
    expect(await copy.readPosition('feed')).toEqual({ ...at('0000000A'), follows: [] })
    expect(await items.read()).toEqual([item('A', '2')])
    await copy.apply([put('A', item('A', '3'))], { ...at('1'), source: 'other' })
    expect(await items.read()).toEqual([item('A', '3')])
  })

  test('of some fields leave the others', async () => {
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    await copy.apply(
      [put('A', { unitPrice: '2' }), put('A', { name: 'Valve' }), put('Z', { name: 'no such' })],
      at('1'),
    )
    expect(await items.read()).toEqual([item('A', '2', 'Valve')])
  })

  test('of what the catalog does not have are left out', async () => {
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    const row = { ...item('A', '2'), colour: 'red', _key: 'B' }
    await copy.apply([put('A', row), { kind: 'remove', entity: 'weather', key: 'A' }], at('1'))
    expect(await items.read()).toEqual([item('A', '2')])
  })

  test.each([
    ['a number', { unitPrice: 'NaN' }],
    ['a text', { name: 'a\0b' }],
  ])('with what is not %s are refused, the position with them', async (_, row) => {
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    expect(await codeOf(copy.apply([put('B', item('B', '2')), put('A', row)], at('1')))).toBe('COPY_VALUE')
    expect(await copy.readPosition('feed')).toBeUndefined()
    expect(await items.read()).toEqual([item('A', '1')])
  })

  test('from two processes at once are applied once', async () => {
    await fillWith(copy, 'item', [], asOf)
    const other = items.open()
    const changes = Array.from({ length: 200 }, (_, i) => put(`K${i}`, item(`K${i}`, String(i))))
    const both = await Promise.all([copy.apply(changes, at('1')), other.apply(changes, at('1'))])
    expect(both.map(({ length }) => length).sort((a, b) => a - b)).toEqual([0, 200])
    expect(await items.stateOf('item')).toMatchObject({ records: 200 })
  })

  test('are announced with their entities, once they are in', async () => {
    await fillWith(copy, 'item', [], asOf)
    const heard = Promise.withResolvers<string>()
    const client = new (await import('pg')).default.Client({ connectionString: items.db.url })
    await client.connect()
    client.on('notification', ({ payload }) => heard.resolve(payload ?? ''))
    await client.query('listen copy_changed')
    await copy.apply([put('A', item('A', '1')), { kind: 'put', entity: 'vendor', key: 'V', row: vendor }], at('1'))
    expect(await heard.promise).toBe('item,vendor')
    await client.end()
  })

  const vendor = { name: 'Daon', bizNo: '1', ceo: 'Kim', phone: '02' }
})
