import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Row } from '#erp'
import { createLogger } from '#platform/log'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { catalog } from '../../erp/small-erp-fixture.ts'
import type { Copy, CopyPage, RecordChange } from './copy.ts'
import { fillWith, newRun } from './copy-fixture.ts'
import { createCopy } from './create-copy.ts'

// Any order of what happens in the ERP, of changes that arrive later, and of the steps of a full sync that is interrupted and
// taken up again. Each record's `unitPrice` and `name` hold the number of the ERP's last write of that field, so that the age
// of what the copy has can be told.
const log = createLogger({ level: 'silent', role: 'test' })
const keys = ['A', 'B', 'C', 'D', 'E'] as const
const asOf = '2026-11-23T02:00:00.000Z'
let db: TestDatabase
let copy: Copy

beforeAll(async () => {
  db = await createTestDatabase()
  copy = createCopy({ database: db.database, catalog, log })
  await copy.prepare()
})
afterAll(() => db.drop())

type Step =
  | { do: 'write' | 'patch' | 'delete' | 'lose'; key: (typeof keys)[number] }
  | { do: 'deliver'; count: number }
  | { do: 'redeliver' | 'begin' | 'read' | 'stage' | 'crash' | 'finish' }

const key = fc.constantFrom(...keys)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('write', 'patch', 'delete'), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose'), key }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver'), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constantFrom('begin', 'read', 'read', 'stage', 'stage', 'finish') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('redeliver', 'crash') }) },
)

/** The ERP, its feed of changes, and a full sync, in one world with the copy. */
function openWorld() {
  const erp = new Map<string, Row>()
  const feed: RecordChange[] = []
  /** The last write of each field that has been delivered; of a removed record its removal. */
  const delivered = new Map<string, { name: number; unitPrice: number; gone: boolean }>()
  let [writes, position, batchStart] = [0, 0, 0]
  let fill: { run: string; cursor: string | undefined; isRead: boolean } | undefined
  let held: CopyPage | undefined
  let isLost = false

  const pad = (count: number) => String(count).padStart(6, '0')
  async function apply(from: number, to: number) {
    await copy.apply(feed.slice(from, to), { source: 'feed', at: asOf, position: pad(to) })
  }
  function note(changes: RecordChange[]) {
    for (const change of changes) {
      const known = delivered.get(change.key) ?? { name: 0, unitPrice: 0, gone: true }
      if (change.kind === 'remove') delivered.set(change.key, { ...known, gone: true })
      else {
        const { name, unitPrice } = change.row
        delivered.set(change.key, {
          name: Math.max(known.name, Number(name ?? 0)),
          unitPrice: Math.max(known.unitPrice, Number(unitPrice ?? 0)),
          gone: false,
        })
      }
    }
  }
  const whole = (): Row => ({ code: 'x', name: String(writes), category: 'Part', unitPrice: String(writes) })

  const steps: Record<Step['do'], (step: Step) => Promise<void> | void> = {
    write: (one) => {
      if (!('key' in one)) return
      writes += 1
      erp.set(one.key, whole())
      feed.push({ kind: 'put', entity: 'item', key: one.key, row: whole() })
    },
    patch: (one) => {
      const old = 'key' in one ? erp.get(one.key) : undefined
      if (!('key' in one) || !old) return
      writes += 1
      erp.set(one.key, { ...old, unitPrice: String(writes) })
      feed.push({ kind: 'put', entity: 'item', key: one.key, row: { unitPrice: String(writes) } })
    },
    delete: (one) => {
      if (!('key' in one) || !erp.delete(one.key)) return
      feed.push({ kind: 'remove', entity: 'item', key: one.key })
    },
    // A change that the feed never tells of, as when a slot is lost: what came before it is in, and the next full sync makes up.
    lose: (one) => {
      if (!('key' in one) || fill || position < feed.length) return
      writes += 1
      if (writes % 2 === 0 || !erp.delete(one.key)) erp.set(one.key, whole())
      isLost = true
    },
    deliver: async (one) => {
      const count = 'count' in one ? one.count : 1
      const to = Math.min(feed.length, position + count)
      if (to === position) return
      batchStart = position
      await apply(position, to)
      note(feed.slice(position, to))
      position = to
    },
    redeliver: () => apply(batchStart, position),
    begin: async () => {
      if (fill) return
      const run = newRun()
      fill = { run, ...(await copy.beginFill(run, 'item')) }
      isLost = false
    },
    read: () => {
      if (!fill || fill.isRead || held) return
      const after = fill.cursor ?? ''
      const found = [...erp].filter(([one]) => one > after).sort(([a], [b]) => (a < b ? -1 : 1))
      const page = found.slice(0, 2)
      const next = found.length > 2 ? page.at(-1)?.[0] : undefined
      held = { records: page.map(([one, row]) => ({ key: one, row })), next, asOf }
    },
    stage: async () => {
      if (!fill || !held) return
      await copy.stage(fill.run, 'item', held)
      fill = { ...fill, cursor: held.next, isRead: held.next === undefined }
      held = undefined
    },
    crash: async () => {
      held = undefined
      if (fill) fill = { run: fill.run, ...(await copy.beginFill(fill.run, 'item')) }
    },
    finish: async () => {
      if (!fill?.isRead || held) return
      await copy.finishFill(fill.run, 'item')
      fill = undefined
      await expectNothingOlder()
    },
  }

  /** Nothing that changes have brought is overwritten with something older, or brought back. */
  async function expectNothingOlder() {
    const rows = await readTable()
    for (const [one, last] of delivered) {
      const row = rows.get(one)
      if (!row) continue
      const isNewer = Number(row.unitPrice) > last.unitPrice || Number(row.name) > last.name
      if (last.gone) expect({ one, row, isNewer }).toMatchObject({ isNewer: true })
      expect(Number(row.unitPrice)).toBeGreaterThanOrEqual(last.unitPrice)
      expect(Number(row.name)).toBeGreaterThanOrEqual(last.name)
    }
  }

  return {
    take: (one: Step) => steps[one.do](one),
    /** Ends what is under way; then the copy has to be the ERP. */
    settle: async () => {
      while (fill) for (const what of ['read', 'stage', 'finish'] as const) await steps[what]({ do: what })
      const records = [...erp].map(([one, row]) => ({ key: one, row }))
      if (isLost || (await copy.state()).every(({ entity, isFilled }) => entity !== 'item' || !isFilled))
        await fillWith(copy, 'item', records, asOf)
      while (position < feed.length) await steps.deliver({ do: 'deliver', count: 3 })
      return { erp, copy: await readTable() }
    },
  }
}

async function readTable(): Promise<Map<string, Row>> {
  const { rows } = await sql<{ _key: string } & Row>`select * from copy.item order by _key`.execute(db.database.kysely)
  return new Map(
    rows.map(({ _key, code, name, category, unitPrice }) => [
      _key,
      { code: code ?? null, name: name ?? null, category: category ?? null, unitPrice: unitPrice ?? null },
    ]),
  )
}

async function reset(): Promise<void> {
  const { kysely } = db.database
  await sql`truncate copy.item, copy_positions, copy_fills, copy_removed, copy_touched`.execute(kysely)
  await sql`drop table if exists copy.item_fill`.execute(kysely)
  await sql`update copy_entities set filled_at = null, records = 0`.execute(kysely)
}

const byKey = (rows: Map<string, Row>) => Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)))

test('changes and full syncs in any order overwrite nothing newer, bring nothing back, and end as the ERP', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
      await reset()
      const world = openWorld()
      for (const one of steps) await world.take(one)
      const { erp, copy: copied } = await world.settle()
      expect(byKey(copied)).toEqual(byKey(erp))
      const [state] = (await copy.state()).filter(({ entity }) => entity === 'item')
      expect(state?.records).toBe(erp.size)
    }),
    { numRuns: 120 },
  )
}, 120_000)
