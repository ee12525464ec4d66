import { expect, test } from 'vitest'
import { isWholeAddress, noMessageFilters, toMessageQuery } from './message-filters.ts'

test('days are whole days in Seoul, and what is not filled in is not asked for', () => {
  expect(toMessageQuery(noMessageFilters)).toEqual({})
  const filled = { state: 'failed', recipient: ' a@b.example ', firstDay: '2026-11-23', lastDay: '2026-11-24' }
  expect(toMessageQuery(filled)).toEqual({
    ...{ state: 'failed', recipient: 'a@b.example' },
    ...{ from: '2026-11-22T15:00:00.000Z', to: '2026-11-24T14:59:59.999Z' },
  })
})

test('half an address is not asked for', () => {
  expect(['minsu', 'minsu@', 'minsu@hanbit', 'a b@c.example'].some(isWholeAddress)).toBe(false)
  expect(isWholeAddress('minsu@hanbit.example')).toBe(true)
})
