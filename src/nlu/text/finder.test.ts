import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFinder } from './finder.ts'
import { neededLetters } from './needed-letters.ts'

const patterns = [
  /월(?:초|말)?/g,
  /(?:지난|이번|다음)\s*(?:달|주)(?!말)/g,
  /(?<=최근\s)[1-3]+(?=달|주)/g,
  /(?:매주|매(?:월|달))?\s*말/g,
  /[^가-힣]달|(?<!지)난|초{2,}/g,
  /\b(?:last|next)\s+(?:week|month)s?\b|주\d/g,
  /(이|다)번?\1/g,
  /(?:a|b|)c?/g,
  /[\u{1f600}월]+/gu,
  /last/gi,
  /(?:월|달)?/gu,
  /[\p{L}--[a-z]]달?|주{2}/gv,
  /[[가-힣]&&[월달]]초?/gv,
  /(?i:LAST)\s?달?/g,
  /(?i:a(?-i:b?))c?/g,
  /월.?$/gms,
  /지난 ?/gy,
]
const letters = fc.constantFrom(
  ...'지난이번다음달주월초말최근매aAbcLlst 123😀week',
  'last ',
  '지난 ',
  'month',
  '매월',
  '최근 2주',
  // What the rarer patterns match: with letters alone some runs would have no match to compare.
  '이번 달',
  '다번다',
  'last week',
  '매주 말',
)
const anyText = fc.array(letters, { maxLength: 12 }).map((parts) => parts.join(''))
const placesOf = (matches: Iterable<RegExpExecArray>) => Array.from(matches, ({ index, 0: text }) => [index, text])

describe('a finder', () => {
  test.each(patterns.map((pattern) => ({ pattern })))('finds what $pattern matches, in any text', ({ pattern }) => {
    const finder = createFinder(pattern)
    let matching = 0
    fc.assert(
      fc.property(anyText, anyText, (text, other) => {
        const expected = placesOf(text.matchAll(pattern))
        matching += expected.length > 0 ? 1 : 0
        expect(placesOf(finder.all(text))).toEqual(expected)
        expect(finder.replace(text, (match) => `<${match}>`)).toBe(text.replace(pattern, (match) => `<${match}>`))
        // Again and again: no place of the last match is kept.
        for (const part of [text, text.slice(2), text, other, ` ${text.slice(1)} `])
          expect(finder.isIn(text, part)).toBe(part.search(pattern) >= 0)
        // Another text in between must not be taken for this one.
        expect(placesOf(finder.all(other))).toEqual(placesOf(other.matchAll(pattern)))
        expect(placesOf(finder.all(text))).toEqual(expected)
      }),
      { numRuns: 400 },
    )
    expect(matching).toBeGreaterThan(0)
  })

  test('made after a text was read is tried on it too', () => {
    createFinder(/달/).all('지난 달')
    expect(placesOf(createFinder(/난 달/).all('지난 달'))).toEqual([[1, '난 달']])
  })

  test('is the same one for the same pattern', () => {
    expect(createFinder(/지난\s달/)).toBe(createFinder(/지난\s달/))
    expect(createFinder(/지난\s달/)).not.toBe(createFinder(/지난\s달/u))
  })

  test('finds every match of a pattern that itself would stop at the first', () => {
    expect(placesOf(createFinder(/달/).all('지난 달, 이번 달'))).toEqual([
      [3, '달'],
      [9, '달'],
    ])
  })

  test('does not mind where somebody else has got to with the pattern', () => {
    const pattern = /달/g
    pattern.lastIndex = 5
    expect(placesOf(createFinder(pattern).all('지난 달'))).toEqual([[3, '달']])
  })

  test('looks at a part of a text alone', () => {
    const finder = createFinder(/^\s*말고/)
    expect(finder.isIn('매출 말고 이익', ' 말고 이익')).toBe(true)
    expect(finder.isIn('매출 말고 이익', ' 이익')).toBe(false)
  })
})

describe('needed letters', () => {
  const needs = (pattern: RegExp) => neededLetters(pattern).length
  test.each([[/월/], [/(?:가|나)다/], [/(?=월)\s/], [/\d+\s/], [/[가나]+/]])('%s needs some', (pattern) => {
    expect(needs(pattern)).toBeGreaterThan(0)
  })
  test.each([[/월?/], [/(?:가|\s)/], [/(?!월)\s/], [/월/i], [/[^월]/], [/[가-힣]/], [/\p{L}/u]])(
    '%s needs none',
    (pattern) => {
      expect(needs(pattern)).toBe(0)
    },
  )
})
