import { expect, test } from 'vitest'
import { endOfDay, formatDay, formatInstant, formatSecond, today } from './when.ts'

test('instants are shown as people in Seoul read them', () => {
  expect(formatInstant('2026-11-23T05:32:00Z', 'ko')).toBe('2026.11.23 (월) 14:32')
  expect(formatInstant('2026-11-23T05:32:00Z', 'en')).toBe('23 Nov 2026, 14:32')
  expect(formatSecond('2026-11-23T05:32:07.123Z', 'ko')).toBe('2026.11.23 (월) 14:32:07')
  expect(formatDay('2026-11-22T15:00:00Z', 'ko')).toBe('2026.11.23 (월)')
})

test('a day ends and begins in Seoul', () => {
  expect(endOfDay('2026-11-30')).toBe('2026-11-30T14:59:59.999Z')
  expect(today(new Date('2026-11-22T15:00:00Z'))).toBe('2026-11-23')
})
