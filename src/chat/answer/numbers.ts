import { Decimal } from 'decimal.js'
import type { Language } from '#catalog'

/** Wide enough for any sum of an ERP; money never becomes a binary float. */
const Exact = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -30, toExpPos: 40 })
export type Exact = Decimal

/** A cell as an exact number, or null when it holds none. */
export function toExact(value: unknown): Exact | null {
  if (typeof value === 'number') return Number.isFinite(value) ? new Exact(value) : null
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return null
  return new Exact(value)
}

/** Full digits with separators: 1,234,500. At most `places` decimals, none kept for show. */
export function groupDigits(value: Exact, places = 0): string {
  const [whole = '0', fraction] = value.toDecimalPlaces(places).toFixed().split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const text = fraction ? `${grouped}.${fraction}` : grouped
  return text === '-0' ? '0' : text
}

/** An amount of won in a sentence: 12억 3,450만 원, KRW 1,234,500,000. To the won. */
export function moneyText(value: Exact, language: Language): string {
  const won = value.toDecimalPlaces(0)
  if (language === 'en') return `${won.lt(0) ? '-' : ''}KRW ${groupDigits(won.abs())}`
  const parts = koreanUnits
    .map(({ size, unit }) => ({ unit, digits: won.abs().divToInt(size).mod(10_000) }))
    .filter(({ digits }) => !digits.isZero())
    .map(({ unit, digits }) => `${groupDigits(digits)}${unit}`)
  if (parts.length === 0) return '0원'
  const text = parts.join(' ')
  return `${won.isNegative() ? '-' : ''}${text}${/\d$/.test(text) ? '원' : ' 원'}`
}

const koreanUnits = [
  { size: new Exact('1e16'), unit: '경' },
  { size: new Exact('1e12'), unit: '조' },
  { size: new Exact('1e8'), unit: '억' },
  { size: new Exact('1e4'), unit: '만' },
  { size: new Exact(1), unit: '' },
]

/** One decimal: 8.2%. */
export function percentText(value: Exact): string {
  return `${fixedOne(value)}%`
}

/** With its sign and one decimal, in percentage points: +1.2%p, -0.5 pp. */
export function pointsText(value: Exact, language: Language): string {
  const text = fixedOne(value)
  return `${text.startsWith('-') ? '' : '+'}${text}${language === 'ko' ? '%p' : ' pp'}`
}

function fixedOne(value: Exact): string {
  const text = value.toFixed(1).replace(/\B(?=(\d{3})+\.)/g, ',')
  return text === '-0.0' ? '0.0' : text
}

/** A difference with its sign, for a comparison: +9,360만 원, +93.6 M. */
export function signedMoney(value: Exact, language: Language): string {
  const sign = value.isNegative() ? '-' : '+'
  if (language === 'ko') return sign + moneyText(value.abs(), 'ko')
  const size = value.abs()
  if (size.gte(1_000_000)) return `${sign}${groupDigits(size.div(1_000_000).toDecimalPlaces(1), 1)} M`
  return `${sign}${groupDigits(size)}`
}
