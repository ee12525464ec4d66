import { Decimal } from 'decimal.js'

/** Decimal arithmetic for amounts. 60 digits: sums of ERP amounts never round; only divisions do. */
export const Exact = Decimal.clone({ precision: 60 })
export type Exact = Decimal

const decimalPattern = /^-?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,2})?$/
const quotientPlaces = 10

/** The number a text spells, or undefined when it spells none. Never goes through a binary float. */
export function readExact(text: string): Exact | undefined {
  return decimalPattern.test(text) ? new Exact(text) : undefined
}

/** Plain digits without exponent or trailing zeros: `12.50` → `12.5`, so that equal numbers are equal texts. */
export function formatExact(value: Exact): string {
  return value.isZero() ? '0' : value.toFixed()
}

/** `part / whole`, rounded to 10 places; null when there is nothing to divide by. */
export function divide(part: Exact, whole: Exact): Exact | null {
  return whole.isZero() ? null : part.div(whole).toDecimalPlaces(quotientPlaces)
}

/** `part` as a percentage of `whole`, rounded to 10 places; null when there is no whole. */
export function percentOf(part: Exact, whole: Exact): Exact | null {
  return divide(part.times(100), whole)
}
