import { expect, test } from 'vitest'
import { redactPersonal } from './redact-personal.ts'

test.each([
  ['900101-1234567', '[personal]'],
  ['주민번호는 9001011234567이에요', '주민번호는 [personal]이에요'],
  ['외국인 850615 5123456', '외국인 [personal]'],
  ['010-1234-5678로 전화', '010-1234-5678로 전화'.replace('010-1234-5678', '[personal]')],
  ['tel 01012345678.', 'tel [personal].'],
  ['+82-10-1234-5678', '[personal]'],
  ['02-345-6789', '[personal]'],
  ['mail somi.ahn@hanbit.example now', 'mail [personal] now'],
  ['card 4111-1111-1111-1111', 'card [personal]'],
  ['card 4111111111111111', 'card [personal]'],
  ['110-123-456789', '[personal]'],
  ['국민 123456-04-123456', '국민 [personal]'],
])('%s', (text, expected) => {
  expect(redactPersonal(text)).toBe(expected)
})

test.each([
  '2026-11-23',
  '2026-11-23T05:32:00.123Z',
  'SO-2026-000123',
  '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11',
  '4bf92f3577b34da6a3ce929d0e0e4736',
  '127.0.0.1',
  '12,300,000원',
  'GET /api/v1/conversations/:id',
  '1234567890',
  '20261123',
])('%s stays', (text) => {
  expect(redactPersonal(text)).toBe(text)
})
