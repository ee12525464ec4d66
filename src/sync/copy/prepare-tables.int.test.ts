import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type BusinessQuery, loadCatalog, permitQuery } from '#catalog'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { createErp } from '../../erp/create-erp.ts'
import { catalog } from '../../erp/small-erp-fixture.ts'
import type { Copy } from './copy.ts'
import { createCopyConnector } from './copy-connector.ts'
import { fillWith } from './copy-fixture.ts'
import { createCopy } from './create-copy.ts'
import { asOf, at, codeOf, item, log, openItems, put, record } from './items-fixture.ts'

const run = 'a0000000-0000-4000-8000-000000000001'

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

describe('an entity', () => {
  test('that is not filled, or distrusted, answers nobody', async () => {
    expect(await codeOf(items.read())).toBe('COPY_NOT_READY')
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    await copy.distrust(['item'], 'slot lost')
    expect(await codeOf(items.read())).toBe('COPY_DISTRUSTED')
    expect(await items.stateOf('item')).toMatchObject({ isFilled: true, distrusted: { reason: 'slot lost' } })
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    expect(await codeOf(items.read())).toBe('answered')
    await copy.distrust('all', 'truncated')
    expect((await copy.state()).every(({ distrusted }) => distrusted?.reason === 'truncated')).toBe(true)
  })

  test('that is distrusted while a full sync reads it stays so until the next', async () => {
    await copy.beginFill(run, 'item')
    await copy.stage(run, 'item', { records: [record('A', '1')], next: undefined, asOf })
    await copy.distrust(['item'], 'slot lost')
    await copy.finishFill(run, 'item')
    expect(await codeOf(items.read())).toBe('COPY_DISTRUSTED')
  })

  test('is as old as its full sync, or as the source that follows it', async () => {
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    const later = '2026-11-23T05:00:00.000Z'
    await copy.apply([put('A', item('A', '2'))], at('1', later))
    expect(await items.stateOf('item')).toMatchObject({ asOf })
    await copy.apply([], { ...at('2', later), follows: ['item'] })
    expect(await items.stateOf('item')).toMatchObject({ asOf: later })
  })

  test('with a new field, or mapped to another, needs a full sync; its rows and what changes stay', async () => {
    await fillWith(copy, 'item', [record('A', '1')], asOf)
    await copy.beginFill(run, 'item')
    const wider = structuredClone(catalog)
    const entity = wider.entities.item!
    entity.dimensions.colour = { type: 'text', label: { ko: '색', en: 'Colour' }, synonyms: { ko: [], en: [] } }
    const { mapping } = wider
    if (mapping.connector === 'odata') mapping.entities.item!.fields.colour = 'Colour'
    const changed = items.open(wider)
    await Promise.all([changed.prepare(), items.open(wider).prepare()])
    expect(await codeOf(items.read(wider))).toBe('COPY_NOT_READY')
    expect(await codeOf(copy.stage(run, 'item', { records: [], next: undefined, asOf }))).toBe('COPY_FILL_LOST')
    await changed.apply([put('A', { colour: 'red' })], at('1'))
    const { rows } = await sql`select _key, "unitPrice", colour from copy.item`.execute(items.db.database.kysely)
    expect(rows).toEqual([{ _key: 'A', unitPrice: '1', colour: 'red' }])
    await fillWith(changed, 'item', [record('A', '1')], asOf)
    expect(await codeOf(items.read(wider))).toBe('answered')
    await changed.prepare()
    expect(await codeOf(items.read(wider))).toBe('answered')
  })

  test('whose ERP stores a date for a number of days counts them when it is asked', async () => {
    const odoo = loadCatalog('catalog', 'odoo')
    await using own = await createTestDatabase()
    const copied = createCopy({ database: own.database, catalog: odoo, log })
    await copied.prepare()
    const row = (dueDate: string | null) => ({ invoiceNo: `I-${dueDate}`, dueDate, overdueDays: 77, balance: '1' })
    const records = ['2026-11-20', '2026-12-01', null].map((date, i) => ({ key: String(i), row: row(date) }))
    await fillWith(copied, 'receivable', records, asOf)
    const now = () => new Date('2026-11-30T16:00:00Z')
    const erp = createErp({
      connector: createCopyConnector({ database: own.database, catalog: odoo, now }),
      catalog: odoo,
      log,
      now,
    })
    const ask = async (query: Omit<BusinessQuery, 'entity'>) => {
      const permitted = permitQuery({ entity: 'receivable', ...query }, 'all', 'tester')
      return (await erp.answerQuery(permitted, new AbortController().signal)).rows
    }
    // In Seoul it is the first of December.
    const listed = await ask({ measures: [], select: ['overdueDays'], orderBy: [['overdueDays', 'desc']] })
    expect(listed.map(({ overdueDays }) => overdueDays)).toEqual([11, 0, null])
    expect(await ask({ measures: ['balance', 'max:overdueDays'], where: [['overdueDays', 'gt', 10]] })).toEqual([
      { balance: '1', 'max:overdueDays': '11' },
    ])
  })

  test('that the catalog no longer has leaves nothing', async () => {
    const smaller = structuredClone(catalog)
    delete smaller.entities.vendor
    await items.open(smaller).prepare()
    const { rows } = await sql`select to_regclass('copy.vendor') as found`.execute(items.db.database.kysely)
    expect(rows).toEqual([{ found: null }])
    expect(await items.stateOf('vendor')).toBeUndefined()
  })
})
