import { expect, test } from 'vitest'
import { splitBold, withoutBold } from './bold-text.ts'

test('bold is split off and everything else is plain text', () => {
  expect(splitBold('매출은 **12억 원**이에요. <b>x</b>')).toEqual([
    { text: '매출은 ', bold: false },
    { text: '12억 원', bold: true },
    { text: '이에요. <b>x</b>', bold: false },
  ])
})

test('an unpaired marker stays', () => {
  expect(splitBold('2**3')).toEqual([{ text: '2**3', bold: false }])
  expect(withoutBold('**가**나**')).toBe('가나**')
})
