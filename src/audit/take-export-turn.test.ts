import { once } from 'node:events'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { createExportTurns } from './take-export-turn.ts'

const open = async () => Readable.from(['a', 'b'])

test('there is one at a time, and the next when it has been read', async () => {
  const take = createExportTurns()
  const first = await take(open)
  await expect(take(open)).rejects.toThrow('AUDIT_EXPORT_RUNNING')
  const second = once(first, 'end').then(() => take(open))
  expect(await text(first)).toBe('ab')
  await expect(take(open)).rejects.toThrow('AUDIT_EXPORT_RUNNING')
  expect(await text(await second)).toBe('ab')
})

test('one that cannot be opened, fails under way or is given up takes nobody’s turn', async () => {
  const take = createExportTurns()
  await expect(take(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
  const failing = await take(async () =>
    Readable.from(
      (async function* () {
        yield 'a'
        throw new Error('the database is away')
      })(),
    ),
  )
  await expect(text(failing)).rejects.toThrow('the database is away')
  const unread = await take(open)
  unread.destroy()
  await once(unread, 'close')
  expect(await text(await take(open))).toBe('ab')
})

test('one that nobody reads ends by itself', async () => {
  const take = createExportTurns({ mostMs: 20 })
  const unread = await take(open)
  await once(unread, 'close')
  expect(unread.destroyed).toBe(true)
  expect(await text(await take(open))).toBe('ab')
})
