import { expect, test } from 'vitest'
import { limitCalls } from './limit-calls.ts'

const { signal } = new AbortController()
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** Calls that end when they are told to. */
function open(mostRunning: number, mostWaiting: number) {
  const limit = limitCalls(mostRunning, mostWaiting)
  const running: ((outcome?: Error) => void)[] = []
  const call = (own: AbortSignal = signal) => {
    const work = () =>
      new Promise<string>((resolve, reject) => {
        running.push((error) => (error ? reject(error) : resolve('done')))
      })
    const result = limit.run(work, own)
    result.catch(() => undefined)
    return result
  }
  return { call, running }
}

test('so many run at a time; the others follow in turn, also after one that failed', async () => {
  const { call, running } = open(2, 10)
  const calls = [call(), call(), call(), call()]
  await settle()
  expect(running).toHaveLength(2)
  running[0]?.(new Error('lost'))
  await expect(calls[0]).rejects.toThrow('lost')
  await settle()
  expect(running).toHaveLength(3)
  running[1]?.()
  await settle()
  expect(running).toHaveLength(4)
  running[2]?.()
  running[3]?.()
  expect(await Promise.all(calls.slice(1))).toEqual(['done', 'done', 'done'])
})

test('who gives up while waiting makes room, and takes no place', async () => {
  const { call, running } = open(1, 1)
  const first = call()
  const impatient = new AbortController()
  const second = call(impatient.signal)
  await settle()
  await expect(call()).rejects.toMatchObject({ spec: { code: 'ERP_RATE_LIMITED' } })
  impatient.abort(new Error('gone'))
  await expect(second).rejects.toThrow('gone')
  const third = call()
  running[0]?.()
  await first
  await settle()
  expect(running).toHaveLength(2)
  running[1]?.()
  expect(await third).toBe('done')
})

test('who gives up as their turn comes passes it on', async () => {
  const { call, running } = open(1, 5)
  const first = call()
  const impatient = new AbortController()
  const second = call(impatient.signal)
  const third = call()
  await settle()
  running[0]?.()
  impatient.abort(new Error('gone'))
  await first
  await expect(second).rejects.toThrow('gone')
  await settle()
  expect(running).toHaveLength(2)
  running[1]?.()
  expect(await third).toBe('done')
})
