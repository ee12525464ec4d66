import { expect, test } from 'vitest'
import { readComparators } from './conditions.ts'

test.each([
  ['10개 이상', 'gte', false],
  ['1억 초과', 'gt', false],
  ['1억 넘는', 'gt', false],
  ['100만원 안 넘는', 'lte', false],
  ['3일 이하', 'lte', false],
  ['10개 미만', 'lt', false],
  ['100개 밑으로 떨어지면', 'lt', true],
  ['3일 이하 되면', 'lte', true],
  ['1억 넘으면', 'gt', true],
  ['50개로 떨어지면', 'lte', true],
  ['100개보다 적은', 'lt', false],
  ['100만원 안 되는', 'lt', false],
  ['more than 5', 'gt', false],
  ['at least 5', 'gte', false],
  ['no more than 5', 'lte', false],
  ['when it drops below 5', 'lt', true],
])('%s', (text, operator, isCondition) => {
  expect(readComparators(text)).toEqual([expect.objectContaining({ operator, isCondition })])
})
