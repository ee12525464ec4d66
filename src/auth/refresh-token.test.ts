import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { newRefreshToken, readRefreshToken } from './refresh-token.ts'
import { hashSecret } from './secrets.ts'

test('a refresh token leads to its session and hash, and is another each time', () => {
  const sessionId = randomUUID()
  const { token, hash } = newRefreshToken(sessionId)
  expect(token).toMatch(/^[\w-]{22}\.[\w-]{43}$/)
  expect(readRefreshToken(token)).toEqual({ sessionId, hash })
  expect(hash).toBe(hashSecret(token.slice(23)))
  expect(newRefreshToken(sessionId).hash).not.toBe(hash)
})

test.each([
  undefined,
  '',
  'hello',
  'A'.repeat(43),
  `${'A'.repeat(22)}.`,
  `.${'A'.repeat(43)}`,
  `${'A'.repeat(22)}.${'A'.repeat(43)}=`,
  `${'A'.repeat(22)} ${'A'.repeat(43)}`,
])('%o is none', (token) => {
  expect(readRefreshToken(token)).toBeUndefined()
})
