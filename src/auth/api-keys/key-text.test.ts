import { expect, test } from 'vitest'
import { redactText } from '#platform/redact'
import type { ApiKey } from './api-key.ts'
import { newKeySecret, newPrefix, opensKey, readKeyText } from './key-text.ts'

const at = new Date('2026-11-23T00:00:00Z')
const keyOf = (secretHash: Buffer, oldSecret?: ApiKey['oldSecret']) => ({ secretHash, oldSecret }) as ApiKey

test('a key is read back into its parts, and no log keeps it', () => {
  const prefix = newPrefix()
  const { text, hash } = newKeySecret(prefix)
  expect(text).toMatch(/^ecb_[\da-f]{10}_[\w-]{43}$/)
  const parts = readKeyText(text)
  expect(parts?.prefix).toBe(prefix)
  expect(opensKey(parts?.secret ?? '', keyOf(hash), at)).toBe(true)
  expect(redactText(`curl -H "X-API-Key: ${text}"`)).toBe('curl -H "X-API-Key: [redacted]"')
})

test.each([
  'ecb_',
  'ecb_0123456789',
  'ecb_0123456789_short',
  `ecb_012345678g_${'a'.repeat(43)}`,
  `ecb_0123456789_${'a'.repeat(44)}`,
  `ecb_0123456789_${'a'.repeat(43)}\n`,
  `ECB_0123456789_${'a'.repeat(43)}`,
])('%j is no key', (text) => {
  expect(readKeyText(text)).toBeUndefined()
})

test('the old secret opens until its time and not after; another never does', () => {
  const [fresh, old, other] = [newKeySecret('a'), newKeySecret('a'), newKeySecret('a')]
  const secretOf = ({ text }: { text: string }) => text.split('_').slice(2).join('_')
  const key = keyOf(fresh.hash, { hash: old.hash, until: at })
  const before = new Date(at.getTime() - 1)
  expect(opensKey(secretOf(fresh), key, at)).toBe(true)
  expect(opensKey(secretOf(old), key, before)).toBe(true)
  expect(opensKey(secretOf(old), key, at)).toBe(false)
  expect(opensKey(secretOf(other), key, before)).toBe(false)
  expect(opensKey('', key, before)).toBe(false)
})
