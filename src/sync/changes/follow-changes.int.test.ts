import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type FollowedErp, openFollowedErp } from './followed-erp-fixture.ts'
import { openOfficeWork } from './office-work-fixture.ts'

let erp: FollowedErp

beforeAll(async () => {
  erp = await openFollowedErp()
}, 120_000)
afterAll(async () => await erp.close())

async function expectSame(entities: readonly string[], timeout = 30_000): Promise<void> {
  for (const entity of entities)
    await vi.waitFor(
      async () => {
        const { erp: theirs, copy } = await erp.compare(entity)
        const [inErp, inCopy] = [new Set(theirs), new Set(copy)]
        const surplus = copy.filter((row) => !inErp.has(row)).slice(0, 3)
        const missing = theirs.filter((row) => !inCopy.has(row)).slice(0, 3)
        expect({ entity, surplus, missing }).toEqual({ entity, surplus: [], missing: [] })
      },
      { timeout, interval: 500 },
    )
}

const position = async () => (await erp.copy.readPosition('postgres'))?.position

test('a consumer killed ten times during 4,000 changes leaves the copy as the ERP is, row for row', async () => {
  let child = await erp.fork()
  await vi.waitFor(async () => expect(await position()).toBeDefined(), { timeout: 20_000 })
  await erp.fill()
  const change = await openOfficeWork(erp.write)
  let done = 0
  let allowed = 400
  const writing = (async () => {
    for (; done < 4_000; done += 4) {
      while (done >= allowed) await wait(5)
      await Promise.all([change(), change(), change(), change()])
    }
  })()
  for (let kills = 0; kills < 10; kills += 1) {
    // In the midst of it: it has applied some, and there is more.
    const seen = new Set<string | undefined>()
    while (seen.size < 4) {
      seen.add(await position())
      await wait(1)
    }
    child.kill('SIGKILL')
    allowed += 400
    child = await erp.fork()
  }
  await writing
  await expectSame(['sales', 'receivable', 'stock', 'expense', 'budget', 'customer', 'salesOrder'], 60_000)
  expect((await erp.copy.state()).filter(({ distrusted }) => distrusted)).toEqual([])
}, 180_000)
