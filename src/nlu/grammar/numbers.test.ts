import { expect, test } from 'vitest'
import { readNumbers } from './numbers.ts'

test.each([
  ['3천만원', 30_000_000, '원'],
  ['1억 2천', 120_000_000, undefined],
  ['1억2천5백', 125_000_000, undefined],
  ['5백만', 5_000_000, undefined],
  ['만 2천개', 12_000, '개'],
  ['오십만원', 500_000, '원'],
  ['2억 3,500만', 235_000_000, undefined],
  ['1조 5천억', 1_500_000_000_000, undefined],
  ['1.5억', 150_000_000, undefined],
  ['1,234,567원', 1_234_567, '원'],
  ['10만 5천원', 105_000, '원'],
  ['십만 이상', 100_000, undefined],
  ['열 명', 10, '명'],
  ['90%', 90, '%'],
  ['5 million won', 5_000_000, 'won'],
  ['100k', 100_000, undefined],
  ['a hundred', 100, undefined],
])('%s is %d', (text, value, unit) => {
  expect(readNumbers(text)).toEqual([expect.objectContaining({ value, ...(unit ? { unit } : {}) })])
})

test.each(['a-100', 'm8', '이번 달 일', '구매팀', '이사', '만기', '오늘', '천안'])('%s has no number', (text) => {
  expect(readNumbers(text)).toEqual([])
})

test('numbers keep their places', () => {
  expect(readNumbers('재고 100개 이상 2억')).toEqual([
    { start: 3, end: 7, value: 100, unit: '개' },
    { start: 11, end: 13, value: 200_000_000 },
  ])
})
