import { expect, test } from 'vitest'
import { openDeadline } from './deadline.ts'
import { createTurnstile } from './turnstile.ts'

const never = () => new Promise<never>(() => undefined)

test('work that outlasts the deadline is given up, and told so', async () => {
  const deadline = openDeadline(new AbortController().signal, 1)
  await expect(deadline.wait(never())).rejects.toMatchObject({ spec: { code: 'ANSWER_TIMEOUT' } })
  expect(deadline.signal.aborted).toBe(true)
  await expect(deadline.wait(never())).rejects.toMatchObject({ spec: { code: 'ANSWER_TIMEOUT' } })
})

test('work that fails by itself fails as it did', async () => {
  const deadline = openDeadline(new AbortController().signal, 60_000)
  await expect(deadline.wait(Promise.reject(new Error('own')))).rejects.toThrow('own')
  expect(await deadline.wait(Promise.resolve(7))).toBe(7)
})

test('a turnstile lets one through at a time for a key, after a failure too, and others past', async () => {
  const pass = createTurnstile()
  const order: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = pass('a', async () => {
    await gate.promise
    order.push('a1')
    throw new Error('lost')
  })
  const second = pass('a', async () => order.push('a2'))
  await pass('b', async () => order.push('b'))
  gate.resolve()
  await expect(first).rejects.toThrow('lost')
  await second
  expect(order).toEqual(['b', 'a1', 'a2'])
})
