import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ChangeBatch, type ChangeSource, ChangesLost } from './change-source.ts'

export type OpenedSource = {
  /** The source as a process opens it; as often as processes come and go. */
  open(): ChangeSource | Promise<ChangeSource>
  /** One transaction of the ERP, which writes these values to a row each. */
  write(values: readonly string[]): Promise<void>
  /** The values that a batch tells of, in its order. */
  valuesOf(batch: ChangeBatch): string[]
  close(): Promise<void>
}

type Behaviour = {
  /** Whether values of one transaction always come in one batch. Sources that don't know of transactions can't promise it. */
  keepsTransactions: boolean
}

/** What every source of changes must do, whatever it follows. */
export function describeChangeSource(name: string, prepare: () => Promise<OpenedSource>, behaviour: Behaviour): void {
  describe(`${name} as a source of changes`, () => {
    let opened: OpenedSource
    beforeEach(async () => {
      opened = await prepare()
    })
    afterEach(async () => await opened.close())

    test('tells of every change, in order, with positions that grow', async () => {
      await using follower = await createFollower(opened)
      await follower.begin()
      const written = ['a', 'b', 'c', 'd', 'e', 'f'].map((value) => [`${value}1`, `${value}2`])
      for (const values of written) await opened.write(values)
      await vi.waitFor(() => expect(follower.values()).toEqual(written.flat()), { timeout: 10_000 })
      const positions = follower.batches.map(({ position }) => position)
      expect(positions).toEqual([...new Set(positions)].sort())
      for (const { at } of follower.batches) expect(new Date(at).toISOString()).toBe(at)
    })

    test('tells again what was not applied, and goes on after what was', async () => {
      await using follower = await createFollower(opened)
      await follower.begin()
      await opened.write(['kept'])
      await vi.waitFor(() => expect(follower.values()).toEqual(['kept']), { timeout: 10_000 })
      follower.failNext(new Error('the database is gone'))
      await opened.write(['x', 'y'])
      await opened.write(['z'])
      await vi.waitFor(() => expect(follower.refusals()).toBeGreaterThan(0), { timeout: 10_000 })
      expect(follower.values()).toEqual(['kept'])
      await follower.reopen()
      await vi.waitFor(() => expect(follower.values()).toEqual(['kept', 'x', 'y', 'z']), { timeout: 10_000 })
    })

    test('tells another process of what happened while none followed', async () => {
      await using follower = await createFollower(opened)
      await follower.begin()
      await opened.write(['before'])
      await vi.waitFor(() => expect(follower.values()).toEqual(['before']), { timeout: 10_000 })
      await follower.stop()
      await opened.write(['meanwhile'])
      await follower.reopen()
      await vi.waitFor(() => expect(follower.values()).toEqual(['before', 'meanwhile']), { timeout: 10_000 })
    })

    test.runIf(behaviour.keepsTransactions)('never tells of a part of a transaction', async () => {
      await using follower = await createFollower(opened)
      await follower.begin()
      const transactions = Array.from({ length: 20 }, (_, i) => Array.from({ length: 30 }, (_, j) => `${i}-${j}`))
      await Promise.all(transactions.map((values) => opened.write(values)))
      await vi.waitFor(() => expect(follower.values()).toHaveLength(600), { timeout: 10_000 })
      for (const batch of follower.batches) {
        const counts = Map.groupBy(opened.valuesOf(batch), (value) => value.split('-')[0])
        for (const values of counts.values()) expect(values).toHaveLength(30)
      }
    })
  })
}

/** Follows as the product does: begins anew when it must, and keeps the position with what it got. */
async function createFollower(opened: OpenedSource) {
  let source = await opened.open()
  let stop = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let position: string | undefined
  let failure: Error | undefined
  let refusals = 0
  const batches: ChangeBatch[] = []

  async function apply(batch: ChangeBatch): Promise<void> {
    if (failure && opened.valuesOf(batch).length > 0) {
      refusals += 1
      throw failure
    }
    position = batch.position
    if (opened.valuesOf(batch).length > 0) batches.push(batch)
  }

  function start(): void {
    stop = new AbortController()
    running = source.follow(position, apply, stop.signal)
    running.catch(() => undefined)
  }

  async function close(): Promise<void> {
    stop.abort()
    await running.catch(() => undefined)
    await source.close()
  }

  return {
    batches,
    /** Each once, as they were first told of: a change may come again. */
    values: () => [...new Set(batches.flatMap(opened.valuesOf))],
    async begin() {
      try {
        await source.follow(undefined, apply, AbortSignal.timeout(300))
      } catch (error) {
        if (!(error instanceof ChangesLost && error.isFirst)) throw error
        position = (await source.renew?.(undefined, stop.signal))?.position
      }
      start()
      await vi.waitFor(() => expect(source.status().state).toBe('following'))
    },
    failNext(error: Error) {
      failure = error
    },
    refusals: () => refusals,
    stop: close,
    async reopen() {
      await close()
      failure = undefined
      source = await opened.open()
      start()
    },
    [Symbol.asyncDispose]: close,
  }
}
