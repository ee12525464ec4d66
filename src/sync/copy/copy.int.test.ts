import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Catalog } from '#catalog'
import type { Row } from '#erp'
import { createLogger } from '#platform/log'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { catalog } from '../../erp/small-erp-fixture.ts'
import type { Copy, CopyRecord, RecordChange } from './copy.ts'
import { createCopyConnector } from './copy-connector.ts'
import { fillWith } from './copy-fixture.ts'
import { createCopy } from './create-copy.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const asOf = '2026-11-23T02:00:00.000Z'
const [run, another] = ['a0000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000002']
let db: TestDatabase
let copy: Copy

beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
beforeEach(async () => {
  copy = open(catalog)
  await copy.prepare()
  for (const table of ['copy_positions', 'copy_fills', 'copy_removed', 'copy_touched'])
    await sql`delete from ${sql.id(table)}`.execute(db.database.kysely)
  await sql`truncate copy.item, copy.vendor`.execute(db.database.kysely)
  await sql`drop table if exists copy.item_fill`.execute(db.database.kysely)
  await sql`update copy_entities set filled_at = null, as_of = null, distrusted_at = null, records = 0`.execute(
    db.database.kysely,
  )
})

const open = (of: Catalog) => createCopy({ database: db.database, catalog: of, log })
const item = (code: string, unitPrice: string, name = 'Bearing'): Row => ({ code, name, category: 'Part', unitPrice })
const record = (code: string, unitPrice: string): CopyRecord => ({ key: code, row: item(code, unitPrice) })
const put = (code: string, row: Row): RecordChange => ({ kind: 'put', entity: 'item', key: code, row })
const remove = (code: string): RecordChange => ({ kind: 'remove', entity: 'item', key: code })
const at = (position: string, instant = asOf) => ({ source: 'feed', position, at: instant })

async function read(of: Catalog = catalog): Promise<Row[]> {
  const connector = createCopyConnector({ database: db.database, catalog: of })
  const fields = ['code', 'name', 'category', 'unitPrice']
  const spec = { kind: 'records', entity: 'item', fields, maxRows: 10_000 } as const
  const orderBy = [{ by: 'code', descending: false }]
  const { rows } = await connector.fetch(
    { ...spec, fields, filter: { is: 'every', of: [] }, orderBy },
    new AbortController().signal,
  )
  return rows
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: Error) => error.message,
  )
const stateOf = async (entity: string) => (await copy.state()).find((one) => one.entity === entity)

describe('changes', () => {
  test('are applied, and told with the record before and after', async () => {
    await fillWith(copy, 'item', [record('A', '1.50'), record('B', '2')], asOf)
    const applied = await copy.apply([put('A', item('A', '3')), remove('B'), put('C', item('C', '4.0'))], at('1'))
    expect(applied).toEqual([
      { entity: 'item', key: 'A', before: item('A', '1.5'), after: item('A', '3') },
      { entity: 'item', key: 'C', after: item('C', '4') },
      { entity: 'item', key: 'B', before: item('B', '2') },
    ])
    expect(await read()).toEqual([item('A', '3'), item('C', '4')])
    expect(await stateOf('item')).toMatchObject({ records: 2, changedAt: asOf })
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
    expect(await read()).toEqual([item('A', '2')])
    await copy.apply([put('A', item('A', '3'))], { ...at('1'), source: 'other' })
    expect(await read()).toEqual([item('A', '3')])
  })

  test('of some fields leave the others', async () => {
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    await copy.apply(
      [put('A', { unitPrice: '2' }), put('A', { name: 'Valve' }), put('Z', { name: 'no such' })],
      at('1'),
    )
    expect(await read()).toEqual([item('A', '2', 'Valve')])
  })

  test('of what the catalog does not have are left out', async () => {
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    const row = { ...item('A', '2'), colour: 'red', _key: 'B' }
    await copy.apply([put('A', row), { kind: 'remove', entity: 'weather', key: 'A' }], at('1'))
    expect(await read()).toEqual([item('A', '2')])
  })

  test.each([
    ['a number', { unitPrice: 'NaN' }],
    ['a text', { name: 'a\0b' }],
  ])('with what is not %s are refused, the position with them', async (_, row) => {
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    expect(await codeOf(copy.apply([put('B', item('B', '2')), put('A', row)], at('1')))).toBe('COPY_VALUE')
    expect(await copy.readPosition('feed')).toBeUndefined()
    expect(await read()).toEqual([item('A', '1')])
  })

  test('from two processes at once are applied once', async () => {
    await fillWith(copy, 'item', [], asOf)
    const other = open(catalog)
    const changes = Array.from({ length: 200 }, (_, i) => put(`K${i}`, item(`K${i}`, String(i))))
    const both = await Promise.all([copy.apply(changes, at('1')), other.apply(changes, at('1'))])
    expect(both.map(({ length }) => length).sort((a, b) => a - b)).toEqual([0, 200])
    expect(await stateOf('item')).toMatchObject({ records: 200 })
  })

  test('are announced with their entities, once they are in', async () => {
    await fillWith(copy, 'item', [], asOf)
    const heard = Promise.withResolvers<string>()
    const client = new (await import('pg')).default.Client({ connectionString: db.url })
    await client.connect()
    client.on('notification', ({ payload }) => heard.resolve(payload ?? ''))
    await client.query('listen copy_changed')
    await copy.apply([put('A', item('A', '1')), { kind: 'put', entity: 'vendor', key: 'V', row: vendor }], at('1'))
    expect(await heard.promise).toBe('item,vendor')
    await client.end()
  })

  const vendor = { name: 'Daon', bizNo: '1', ceo: 'Kim', phone: '02' }
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
    expect(await read()).toEqual([item('A', '1'), item('B', '5'), item('D', '4')])
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
    const restarted = open(catalog)
    expect(await restarted.beginFill(run, 'item')).toEqual({ cursor: 'A', isRead: false })
    await restarted.stage(run, 'item', {
      records: [record('B', '2')],
      next: undefined,
      asOf: '2026-11-23T03:00:00.000Z',
    })
    expect(await open(catalog).beginFill(run, 'item')).toEqual({ cursor: undefined, isRead: true })
    expect(await restarted.finishFill(run, 'item')).toMatchObject({ added: 2 })
    expect(await read()).toEqual([item('A', '1'), item('B', '2')])
    expect(await stateOf('item')).toMatchObject({ isFilled: true, asOf, records: 2 })
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
    expect(await codeOf(read())).toBe('COPY_NOT_READY')
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
    expect(await read()).toEqual([
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
    while (!isDone) seen.add([...new Set((await read()).map(({ unitPrice }) => unitPrice))].join())
    await finished
    seen.add([...new Set((await read()).map(({ unitPrice }) => unitPrice))].join())
    expect([...seen]).toEqual(['1', '2'])
  })

  async function fill(records: CopyRecord[], entity = 'item') {
    await copy.beginFill(run, entity)
    await copy.stage(run, entity, { records, next: undefined, asOf })
    return copy.finishFill(run, entity)
  }
  const renamed = ({ key, row }: CopyRecord): CopyRecord => ({ key, row: { ...row, name: 'Renamed' } })
})

describe('an entity', () => {
  test('that is not filled, or distrusted, answers nobody', async () => {
    expect(await codeOf(read())).toBe('COPY_NOT_READY')
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    await copy.distrust(['item'], 'slot lost')
    expect(await codeOf(read())).toBe('COPY_DISTRUSTED')
    expect(await stateOf('item')).toMatchObject({ isFilled: true, distrusted: { reason: 'slot lost' } })
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    expect(await codeOf(read())).toBe('answered')
    await copy.distrust('all', 'truncated')
    expect((await copy.state()).every(({ distrusted }) => distrusted?.reason === 'truncated')).toBe(true)
  })

  test('that is distrusted while a full sync reads it stays so until the next', async () => {
    await copy.beginFill(run, 'item')
    await copy.stage(run, 'item', { records: [record('A', '1')], next: undefined, asOf })
    await copy.distrust(['item'], 'slot lost')
    await copy.finishFill(run, 'item')
    expect(await codeOf(read())).toBe('COPY_DISTRUSTED')
  })

  test('is as old as its full sync, or as the source that follows it', async () => {
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    const later = '2026-11-23T05:00:00.000Z'
    await copy.apply([put('A', item('A', '2'))], at('1', later))
    expect(await stateOf('item')).toMatchObject({ asOf })
    await copy.apply([], { ...at('2', later), follows: ['item'] })
    expect(await stateOf('item')).toMatchObject({ asOf: later })
  })

  test('with a new field, or mapped to another, needs a full sync; its rows and what changes stay', async () => {
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    await copy.beginFill(run, 'item')
    const wider = structuredClone(catalog)
    const entity = wider.entities.item!
    entity.dimensions.colour = { type: 'text', label: { ko: '색', en: 'Colour' }, synonyms: { ko: [], en: [] } }
    const { mapping } = wider
    if (mapping.connector === 'odata') mapping.entities.item!.fields.colour = 'Colour'
    const changed = open(wider)
    await Promise.all([changed.prepare(), open(wider).prepare()])
    expect(await codeOf(read(wider))).toBe('COPY_NOT_READY')
    expect(await codeOf(copy.stage(run, 'item', { records: [], next: undefined, asOf }))).toBe('COPY_FILL_LOST')
    await changed.apply([put('A', { colour: 'red' })], at('1'))
    const { rows } = await sql`select _key, "unitPrice", colour from copy.item`.execute(db.database.kysely)
    expect(rows).toEqual([{ _key: 'A', unitPrice: '1', colour: 'red' }])
    await fillWith(changed, 'item', [record('A', '1')], asOf)
    expect(await codeOf(read(wider))).toBe('answered')
    await changed.prepare()
    expect(await codeOf(read(wider))).toBe('answered')
  })

  test('that the catalog no longer has leaves nothing', async () => {
    const smaller = structuredClone(catalog)
    delete smaller.entities.vendor
    await open(smaller).prepare()
    const { rows } = await sql`select to_regclass('copy.vendor') as found`.execute(db.database.kysely)
    expect(rows).toEqual([{ found: null }])
    expect(await stateOf('vendor')).toBeUndefined()
  })
})
