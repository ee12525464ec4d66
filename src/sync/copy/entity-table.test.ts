import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatExact, readExact } from '#erp'
import { type CopyColumn, writeCell } from './entity-table.ts'

const column = (sqlType: CopyColumn['sqlType']): CopyColumn => ({ name: 'x', sqlType, type: 'text', isWhole: false })

test.each(['2026-02-28', '2024-02-29', '2026-12-31', '0001-01-01'])('the date %s is kept', (text) => {
  expect(writeCell(column('date'), text)).toBe(text)
})

test.each([
  '2026-02-29',
  '2026-02-30',
  '2026-04-31',
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '26-01-01',
  'today',
  '',
])('the date %s is refused', (text) => {
  expect(() => writeCell(column('date'), text)).toThrow('COPY_VALUE')
})

test.each(['', 'NaN', 'Infinity', '1,000', ' 1', '1.', '.5', '0x1', 'true'])('the number %s is refused', (text) => {
  expect(() => writeCell(column('numeric'), text)).toThrow('COPY_VALUE')
})

test('a number is kept exactly, in the one way of writing it', () => {
  const digits = fc.stringMatching(/^-?\d{1,30}(\.\d{1,30})?$/)
  fc.assert(
    fc.property(digits, (text) => {
      const number = readExact(text)!
      expect(writeCell(column('numeric'), text)).toBe(formatExact(number))
    }),
    { numRuns: 2_000 },
  )
  expect(writeCell(column('numeric'), 12.5)).toBe('12.5')
  expect(writeCell(column('numeric'), '1.50e3')).toBe('1500')
  expect(writeCell(column('numeric'), '-0.00')).toBe('0')
})

test('nothing is nothing, and a text is kept as it is', () => {
  for (const sqlType of ['text', 'date', 'numeric'] as const) expect(writeCell(column(sqlType), null)).toBeNull()
  expect(writeCell(column('text'), ' 한빛 ')).toBe(' 한빛 ')
  expect(writeCell(column('text'), '')).toBe('')
})
