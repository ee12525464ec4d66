import { expect, test } from 'vitest'
import { measureJson } from './parse-json.ts'

test.each([
  ['1', 0, 0],
  ['{"a":[1,{"b":2}]}', 3, 4],
  ['"[[[[,,,"', 0, 0],
  ['{"a":"\\"[[["}', 1, 1],
  ['["\\\\",[1]]', 2, 3],
  ['[[[[', 4, 4],
  ['[1,2,3]', 1, 3],
])('%s nests %i deep and has %i members', (text, depth, members) => {
  expect(measureJson(text)).toEqual({ depth, members })
})
