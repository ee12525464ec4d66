import { expect, test } from 'vitest'
import { checkSchedule, isDue, nextTime } from './schedule.ts'

const daily = { cron: '0 2 * * *', timeZone: 'Asia/Seoul' }
const at = (text: string) => new Date(text)
const next = (schedule: typeof daily, after: string) => nextTime(schedule, at(after))?.toISOString()

test('two in the morning in Seoul', () => {
  expect(next(daily, '2026-11-28T00:00:00Z')).toBe('2026-11-28T17:00:00.000Z')
  expect(next(daily, '2026-11-28T17:00:00Z')).toBe('2026-11-29T17:00:00.000Z')
})

test('a time that the clocks skip still comes, and one that comes twice counts once', () => {
  const berlin = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' }
  // 29 March 2026: 02:00 becomes 03:00. 25 October: 03:00 becomes 02:00.
  const spring = next(berlin, '2026-03-28T12:00:00Z')
  expect(spring?.slice(0, 13)).toMatch(/^2026-03-29T0[01]/)
  expect(next(berlin, '2026-03-29T12:00:00Z')).toBe('2026-03-30T00:30:00.000Z')
  const autumn = nextTime(berlin, at('2026-10-24T12:00:00Z'))
  expect(autumn && nextTime(berlin, autumn)?.toISOString()).toBe('2026-10-26T01:30:00.000Z')
})

test.each([
  ['just ended', '2026-11-27T17:20:00Z', '2026-11-28T16:59:59Z', false],
  ['its time has come', '2026-11-27T17:20:00Z', '2026-11-28T17:00:00Z', true],
  ['missed while nothing ran', '2026-11-25T17:20:00Z', '2026-11-28T09:00:00Z', true],
  ['a run by hand in the afternoon does not take its place', '2026-11-28T06:00:00Z', '2026-11-28T17:00:01Z', true],
  ['a run that went on past its time does', '2026-11-28T17:05:00Z', '2026-11-28T17:05:01Z', false],
])('%s', (_, last, now, due) => {
  expect(isDue(daily, { last: at(last), now: at(now) })).toBe(due)
})

test('nothing is due before the first', () => {
  expect(isDue(daily, { last: undefined, now: at('2026-11-28T17:00:01Z') })).toBe(false)
})

test.each([
  ['0 2 * *', 'Asia/Seoul'],
  ['0 25 * * *', 'Asia/Seoul'],
  ['0 0 2 * * *', 'Asia/Seoul'],
  ['0 2 * * *', 'Asia/Nowhere'],
  ['0 2 30 2 *', 'Asia/Seoul'],
])('refuses %s in %s', (cron, timeZone) => {
  expect(() => checkSchedule({ cron, timeZone })).toThrow()
})
