import { expect, test } from 'vitest'
import { z } from 'zod'
import { createListCursor, placedAt } from './list-cursor.ts'

const refusal = { code: 'PLACE_UNKNOWN', kind: 'invalid', ko: '알 수 없어요.', en: 'Unknown.' } as const
const cursor = createListCursor(z.object({ at: placedAt, name: z.string() }), refusal)

test('a place comes back as it was, in characters that need no escaping in a URL', () => {
  const place = { at: new Date('2026-11-28T01:02:03.004Z'), name: '김민수 & 안소미?' }
  const text = cursor.format(place)
  expect(text).toMatch(/^[\w-]+$/)
  expect(cursor.read(text)).toEqual(place)
})

test.each([
  '',
  'zzz',
  Buffer.from('null').toString('base64url'),
  Buffer.from('{"at":"yesterday","name":"x"}').toString('base64url'),
  Buffer.from('{"at":1,"name":"x"}').toString('base64url'),
])('what is no place is refused: %o', (text) => {
  expect(() => cursor.read(text)).toThrow('PLACE_UNKNOWN')
})
