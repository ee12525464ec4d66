import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { catalog } from '../../erp/small-erp-fixture.ts'
import { fillWith, newRun } from './copy-fixture.ts'
import { asOf, item, openItems, put, record, remove } from './items-fixture.ts'

let items: Awaited<ReturnType<typeof openItems>>

beforeAll(async () => {
  items = await openItems()
})
afterAll(() => items.db.drop())
beforeEach(() => items.reset())

test('changes, full syncs, starts and distrust from several processes at once wait for each other, never in a circle', async () => {
  const records = Array.from({ length: 300 }, (_, i) => record(`K${i}`, '1'))
  await fillWith(items.open(), 'item', records, asOf)
  let isDone = false
  const until = async (work: (round: number) => Promise<unknown>) => {
    for (let round = 0; !isDone; round += 1) await work(round)
  }
  const follow = (source: string) =>
    until((round) => {
      const keys = Array.from({ length: 5 }, (_, i) => `K${(round * 7 + i * 31) % 300}`)
      const changes = keys.map((key, i) => (i === 4 ? remove(key) : put(key, item(key, String(round)))))
      const position = { source, at: asOf, position: String(round).padStart(9, '0') }
      return items.open().apply([...changes, { kind: 'put', entity: 'vendor', key: 'V', row: { name: 'x' } }], position)
    })
  const fill = () =>
    until(async () => {
      const [copy, run] = [items.open(), newRun()]
      try {
        await copy.beginFill(run, 'item')
        for (let start = 0; start < 300; start += 100) {
          const next = start < 200 ? String(start + 100) : undefined
          await copy.stage(run, 'item', { records: records.slice(start, start + 100), next, asOf })
        }
        await copy.finishFill(run, 'item')
      } catch (error) {
        if (!(error instanceof Error && error.message === 'COPY_FILL_LOST')) throw error
      }
    })
  // Versions that map the entities otherwise, and start by turns.
  const other = structuredClone(catalog)
  for (const mapped of Object.values(other.mapping.entities)) mapped.set += 'Renamed'
  const start = () => until((round) => items.open(round % 2 === 0 ? other : catalog).prepare())
  const doubt = () => until(() => items.open().distrust(['item', 'vendor'], 'a test'))
  const all = [follow('a'), follow('b'), fill(), fill(), start(), doubt()]
  const ended = Promise.all(all)
  await Promise.race([ended, new Promise((done) => setTimeout(done, 4_000))])
  isDone = true
  await ended
  await items.open().prepare()
  await fillWith(items.open(), 'item', records, asOf)
  expect((await items.read()).length).toBe(300)
}, 60_000)
