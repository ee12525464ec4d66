import { expect, test } from 'vitest'
import { isLoopback, isOpenUrl } from './loopback.ts'

test.each(['localhost', '127.0.0.1', '127.255.0.9', '::1', '[::1]'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true)
})

test.each([
  '127.evil.example',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '127.0.0.1:80',
  '0.0.0.0',
  '[::2]',
  '',
])('%o is not', (host) => {
  expect(isLoopback(host)).toBe(false)
})

test.each([
  ['http://127.0.0.1:3000', false],
  ['https://chat.example.com', false],
  ['rediss://redis.example.com', false],
  ['amqps://queue.example.com', false],
  ['http://127.evil.example', true],
  ['redis://redis.example.com', true],
  ['amqp://queue.example.com', true],
  ['ftp://files.example.com', true],
])('%s is open: %s', (url, isOpen) => {
  expect(isOpenUrl(new URL(url))).toBe(isOpen)
})
