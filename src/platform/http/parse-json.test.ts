import { expect, test } from 'vitest'
import { measureDepth } from './parse-json.ts'

test.each([
  ['1', 0],
  ['{"a":[1,{"b":2}]}', 3],
  ['"[[[["', 0],
  ['{"a":"\\"[[["}', 1],
  ['["\\\\",[1]]', 2],
  ['[[[[', 4],
])('%s nests %i deep', (text, depth) => {
  expect(measureDepth(text)).toBe(depth)
})
