import { expect, test } from 'vitest'
import { createLogger } from '#platform/log'
import type { NameStore } from './name-store.ts'
import { watchNames } from './watch-names.ts'

const log = createLogger({ level: 'silent', role: 'test' })

function createFakeStore() {
  const state = { revision: 1, reads: 0, isDown: false }
  const store: NameStore = {
    readRevision: async () => {
      if (state.isDown) throw new Error('down')
      return String(state.revision)
    },
    read: async () => {
      if (state.isDown) throw new Error('down')
      state.reads += 1
      return { revision: String(state.revision), entries: [{ domain: 'item', name: `n${state.revision}` }] }
    },
    replace: async () => false,
    change: async () => false,
  }
  return { state, store }
}

/** Resolves when the next change is told. */
function createListener() {
  const seen: string[] = []
  let tell: () => void = () => undefined
  return {
    seen,
    onChange: ({ entries }: { entries: { name: string }[] }) => {
      seen.push(entries[0]?.name ?? '')
      tell()
    },
    next: () =>
      new Promise<void>((resolve) => {
        tell = resolve
      }),
  }
}

test('tells the names at once, then each change, through failures', async () => {
  const { state, store } = createFakeStore()
  const { seen, onChange, next } = createListener()
  const watch = await watchNames({ store, log, onChange, everyMs: 1 })
  expect(seen).toEqual(['n1'])
  state.isDown = true
  await new Promise((resolve) => setTimeout(resolve, 10))
  const changed = next()
  state.revision = 2
  state.isDown = false
  await changed
  expect(seen).toEqual(['n1', 'n2'])
  expect(state.reads).toBe(2)
  await watch.close()
})

test('says so when there is nothing to start with', async () => {
  const { state, store } = createFakeStore()
  state.isDown = true
  await expect(watchNames({ store, log, onChange: () => undefined })).rejects.toThrow('down')
})

test('reads at once when it is told, and takes in together what comes meanwhile', async () => {
  const { state, store } = createFakeStore()
  const { seen, onChange, next } = createListener()
  let signal: () => void = () => undefined
  let hasEnded = false
  const listen = (onSignal: () => void) => {
    signal = onSignal
    return {
      close: async () => {
        hasEnded = true
      },
    }
  }
  const watch = await watchNames({ store, log, onChange, everyMs: 3_600_000, listen })
  const changed = next()
  for (let i = 0; i < 5; i += 1) {
    state.revision += 1
    signal()
  }
  await changed
  expect(seen).toEqual(['n1', 'n6'])
  await watch.close()
  expect(hasEnded).toBe(true)
})
