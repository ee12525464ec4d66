import { expect, test } from 'vitest'
import { createSendingNotes } from './note-sendings.ts'
import type { ClaimedBatch, Outcome } from './push-store.ts'

const claimed: ClaimedBatch = { claim: 'c', push: 'p', batch: 0, deliveries: [] }
const sent = (device: string): Outcome => ({ device, kind: 'sent', providerId: 'x' })

/** Notes over a store of which each call answers, or fails, as told; `true` afterwards. */
function open(...answers: (boolean | Error)[]) {
  const noted: string[][] = []
  const note = async (_: ClaimedBatch, outcomes: readonly Outcome[]) => {
    await Promise.resolve()
    const answer = answers.shift() ?? true
    if (answer instanceof Error) throw answer
    noted.push(outcomes.map(({ device }) => device))
    return answer
  }
  return { noted, notes: createSendingNotes({ note }, claimed, 60_000) }
}

test('are written together while others are being written', async () => {
  const { noted, notes } = open()
  await Promise.all(['a', 'b', 'c'].map((device) => notes.add(sent(device))))
  await notes.finish()
  expect(noted.flat()).toEqual(['a', 'b', 'c'])
  expect(noted.length).toBeLessThan(3)
  expect(notes.stopped.aborted).toBe(false)
})

test('that cannot be written stop the sending, and are tried once more at its end', async () => {
  const { noted, notes } = open(new Error('away'))
  await notes.add(sent('a'))
  await expect.poll(() => notes.stopped.aborted).toBe(true)
  await notes.finish()
  expect(noted).toEqual([['a']])
  const lost = open(new Error('away'), new Error('still away'))
  await lost.notes.add(sent('a'))
  await expect.poll(() => lost.notes.stopped.aborted).toBe(true)
  await expect(lost.notes.finish()).rejects.toThrow('still away')
})

test('stop the sending when the claim is lost', async () => {
  const { notes } = open(false)
  await notes.add(sent('a'))
  await expect.poll(() => notes.stopped.aborted).toBe(true)
  await notes.finish()
})
