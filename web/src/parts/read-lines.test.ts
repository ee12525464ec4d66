import { expect, test } from 'vitest'
import { readLines } from './read-lines.ts'

test('lines and commas both separate; blanks and doubles are dropped', () => {
  expect(readLines(' 10.0.0.0/8\n\n2001:db8::/32, 10.0.0.0/8 ')).toEqual(['10.0.0.0/8', '2001:db8::/32'])
  expect(readLines(' \n ')).toEqual([])
})
