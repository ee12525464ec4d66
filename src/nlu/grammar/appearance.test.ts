import { expect, test } from 'vitest'
import { readAppearance } from './appearance.ts'

test.each([
  ['새 결재 올라오면 알려줘', '결재 올라오면 알려줘'],
  ['신규 주문 들어오면 푸시로 알려줘', '주문 들어오면 푸시로 알려줘'],
  ['결재 올라오면 알려줘', '결재 올라오면 알려줘'],
  ['새로운 발주 있으면 알려줘', '발주 있으면 알려줘'],
  ['Tell me when a new approval comes in', 'Tell me when approval'],
  ['notify me if there is a new order', 'notify me if order'],
])('%s', (text, remaining) => {
  const read = readAppearance(text) ?? ''
  // What was said stays where it stood.
  expect(read).toHaveLength(text.length)
  expect(read.replace(/\s+/g, ' ').trim()).toBe(remaining)
})

test.each([
  '새 결재 보여줘',
  '재고 100개 밑으로 떨어지면 알려줘',
  '결재 있으면 알려줘',
  '새벽 5시에 매출 알려줘',
  '신규 거래처 매출 알려줘',
  'tell me the new orders',
  'when did the order arrive',
])('nothing that appears: %s', (text) => {
  expect(readAppearance(text)).toBeUndefined()
})
