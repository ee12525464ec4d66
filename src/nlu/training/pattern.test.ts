import { expect, test } from 'vitest'
import { createRandom } from '../model/random.ts'
import { coverPattern, expandPattern, PatternFault, parsePattern } from './pattern.ts'

const phrases = new Map([
  ['how much', ['얼마', '얼마야']],
  ['asking', ['<how much>', '알려줘']],
])
const ways = (source: string, limit = 100) => expandPattern(parsePattern(source, phrases), limit, createRandom(1))

test.each([
  ['{time} 매출', ['{time} 매출']],
  ['(오늘|어제) 매출', ['오늘 매출', '어제 매출']],
  ['[오늘 ]매출', ['매출', '오늘 매출']],
  ['매출 <asking>', ['매출 얼마', '매출 얼마야', '매출 알려줘']],
  ['매출[이|(은|는)]', ['매출', '매출이', '매출은', '매출는']],
  ['매출 (좀|) 얼마', ['매출 좀 얼마', '매출 얼마']],
])('%s', (source, expected) => {
  expect(ways(source)).toEqual(expected)
})

test('draws the same ways again, no more than asked for and none twice', () => {
  const source = '(a|b|c|d)(a|b|c|d)(a|b|c|d)'
  const drawn = ways(source, 10)
  expect(drawn).toEqual(ways(source, 10))
  expect(new Set(drawn).size).toBe(10)
})

test('covers every option in few ways', () => {
  expect(coverPattern(parsePattern('(a|b|c) [x] <asking>', phrases))).toEqual(['a 얼마', 'b x 얼마야', 'c 알려줘'])
})

test.each(['(a|b', 'a]', '<missing>', 'a|b'])('%s is a fault', (source) => {
  expect(() => parsePattern(source, phrases)).toThrow(PatternFault)
})

test('lists that refer to themselves are a fault', () => {
  expect(() => parsePattern('<a>', new Map([['a', ['b <a>']]]))).toThrow('circle')
})
