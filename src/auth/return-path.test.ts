import { expect, test } from 'vitest'
import { readReturnPath } from './return-path.ts'

test.each(['/', '/chat/42', '/chat?q=이번#a', '/a//b', '/?next=https://evil.example'])(
  '%s is a path of ours',
  (path) => {
    expect(decodeURI(readReturnPath(path))).toBe(path)
  },
)

test.each([
  undefined,
  '',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  'javascript:alert(1)',
  'chat',
  ' /chat',
  '/auth/login?returnTo=/',
  '/AUTH/logout',
  '/./auth/login',
  '/api/v1/me',
  `/${'a'.repeat(600)}`,
])('%j leads home instead', (text) => {
  expect(readReturnPath(text)).toBe('/')
})
