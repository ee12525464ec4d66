import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupDigits, moneyText, percentText, pointsText, signedMoney, toExact } from './numbers.ts'

const exact = (text: string) => {
  const value = toExact(text)
  if (!value) throw new Error(`${text} is no number`)
  return value
}

describe('amounts in sentences', () => {
  test.each([
    ['0', '0원', 'KRW 0'],
    ['7', '7원', 'KRW 7'],
    ['9999', '9,999원', 'KRW 9,999'],
    ['10000', '1만 원', 'KRW 10,000'],
    ['1234500000', '12억 3,450만 원', 'KRW 1,234,500,000'],
    ['1234567890', '12억 3,456만 7,890원', 'KRW 1,234,567,890'],
    ['100000001', '1억 1원', 'KRW 100,000,001'],
    ['3000000000000', '3조 원', 'KRW 3,000,000,000,000'],
    ['12345678901234567890', '1,234경 5,678조 9,012억 3,456만 7,890원', 'KRW 12,345,678,901,234,567,890'],
    ['-120000000', '-1억 2,000만 원', '-KRW 120,000,000'],
    ['1234.5', '1,235원', 'KRW 1,235'],
    ['-0.4', '0원', 'KRW 0'],
  ])('%s', (value, ko, en) => {
    expect(moneyText(exact(value), 'ko')).toBe(ko)
    expect(moneyText(exact(value), 'en')).toBe(en)
  })

  test('every amount reads back as itself', () => {
    const units: Record<string, bigint> = { 경: 10n ** 16n, 조: 10n ** 12n, 억: 10n ** 8n, 만: 10n ** 4n, 원: 1n }
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 19n }), (won) => {
        const text = moneyText(exact(String(won)), 'ko').replace(/ 원$/, '')
        const sum = [...text.matchAll(/([\d,]+)([경조억만원])/g)].reduce(
          (total, [, digits = '', unit = '']) => total + BigInt(digits.replaceAll(',', '')) * (units[unit] ?? 0n),
          0n,
        )
        expect(sum).toBe(won)
      }),
    )
  })
})

test('differences carry their sign', () => {
  expect(signedMoney(exact('93600000'), 'ko')).toBe('+9,360만 원')
  expect(signedMoney(exact('93600000'), 'en')).toBe('+93.6 M')
  expect(signedMoney(exact('-93600'), 'en')).toBe('-93,600')
  expect(pointsText(exact('1.24'), 'ko')).toBe('+1.2%p')
  expect(pointsText(exact('-0.5'), 'en')).toBe('-0.5 pp')
})

test('percents have one decimal', () => {
  expect(percentText(exact('8.25'))).toBe('8.3%')
  expect(percentText(exact('1234'))).toBe('1,234.0%')
  expect(percentText(exact('-0.01'))).toBe('0.0%')
})

test('tables show full digits, exactly', () => {
  expect(groupDigits(exact('12345678901234567890.5'), 4)).toBe('12,345,678,901,234,567,890.5')
  expect(groupDigits(exact('0.1'), 4)).toBe('0.1')
})

test.each(['', 'abc', '1,000', 'NaN', ' 1', '0x10'])('%j is no number', (text) => {
  expect(toExact(text)).toBeNull()
})
