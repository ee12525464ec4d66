import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatExact, readExact } from '../decimal.ts'
import { RetryableReply } from './http/retry-call.ts'
import { parseExact, readDecimal } from './read-cells.ts'

const digits = fc.stringMatching(/^(0|[1-9]\d{0,24})$/)
const anyNumber = fc
  .record({
    sign: fc.constantFrom('', '-'),
    whole: digits,
    fraction: fc.option(fc.stringMatching(/^\d{1,24}$/)),
    exponent: fc.option(fc.stringMatching(/^[eE][+-]?\d{1,2}$/)),
  })
  .map(
    ({ sign, whole, fraction, exponent }) =>
      `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent ?? ''}`,
  )
/** About as long as a binary float can hold. */
const longNumber = fc.stringMatching(/^-?[1-9]\d{0,8}\.\d{7,9}$|^-?[1-9]\d{14,17}$|^0\.0{0,3}\d{14,17}$/)
const numbers = fc.oneof(anyNumber, longNumber)
const exact = (text: string) => {
  const value = readExact(text)
  return value && formatExact(value)
}

describe('a number of a reply', () => {
  test('keeps its value wherever it stands, however long it is', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom('', ' ', '\n'), (text, space) => {
        const parsed = parseExact(`{"a":${space}${text},"b":[${text},${space}${text}],"c":{"d":${text}}}`)
        const { a, b, c } = parsed as { a: string; b: string[]; c: { d: string } }
        for (const one of [a, ...b, c.d]) expect(exact(one)).toBe(exact(text))
        expect(exact(parseExact(text) as string)).toBe(exact(text))
      }),
      { numRuns: 2_000 },
    )
  })

  test('is read as decimals are written', () => {
    fc.assert(
      fc.property(numbers, (text) => {
        expect(readDecimal(text)).toBe(exact(text))
      }),
      { numRuns: 2_000 },
    )
  })

  test.each(['', '.', '1.', '.5', '01', '1.2.00', '1,234.00', '0x10', 'NaN', 'Infinity', '1 ', '--1'])(
    'is none: %j',
    (text) => {
      if (exact(text) === undefined) expect(() => readDecimal(text)).toThrow(RetryableReply)
      else expect(readDecimal(text)).toBe(exact(text))
    },
  )

  test('in a text stays the text', () => {
    const texts = ['12345678901234567890', '1e5', ', 1e5', ':12345678901234567890', '[1.50', '-0']
    expect(parseExact(JSON.stringify({ texts, all: [null, true, false] }))).toEqual({ texts, all: [null, true, false] })
  })
})

test.each(['', '{', '[1,]', '[1}', `${'['.repeat(200_000)}${']'.repeat(200_000)}`])(
  'what is no reply is refused',
  (text) => {
    expect(() => parseExact(text)).toThrow(RetryableReply)
  },
)
