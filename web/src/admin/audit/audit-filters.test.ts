import { expect, test } from 'vitest'
import { noFilters, toFilters } from './audit-filters.ts'

test('nothing filled in asks for nothing', () => {
  expect(toFilters(noFilters)).toEqual({})
  expect(toFilters({ ...noFilters, person: '  ', traceId: 'half' })).toEqual({})
})

test('days are whole days in Seoul, the last one included', () => {
  expect(toFilters({ ...noFilters, firstDay: '2026-11-23', lastDay: '2026-11-23' })).toEqual({
    from: '2026-11-22T15:00:00.000Z',
    to: '2026-11-23T14:59:59.999Z',
  })
})

test('what is filled in is asked for as the server takes it', () => {
  const traceId = '4BF92F3577B34DA6A3CE929D0E0E4736'
  const filled = { ...noFilters, person: ' 김민수 ', action: 'chat.', outcome: 'refused' as const, traceId }
  const asked = { person: '김민수', action: 'chat.', outcome: 'refused', traceId: traceId.toLowerCase() }
  expect(toFilters(filled)).toEqual(asked)
})
