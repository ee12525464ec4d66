import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FieldType } from '../../fields.ts'
import { parseExact } from '../read-cells.ts'
import type { OdooField } from './odoo-field.ts'
import { isUncertain, readNumber, readSpanStart, readValue } from './read-value.ts'

const fieldOf = (type: string, more: Partial<OdooField> = {}): OdooField => ({
  ...{ name: 'x', path: 'x', hops: [], last: 'x', negated: false },
  info: { type, relation: undefined, searchable: true, sortable: true, groupable: true },
  ...more,
})
const read = (raw: unknown, odoo: string, type: FieldType, more: Partial<OdooField> = {}) =>
  readValue(raw, fieldOf(odoo, more), { type, timeZone: 'Asia/Seoul' })

test.each(['char', 'date', 'datetime', 'many2one', 'selection', 'monetary'])('false is nothing for a %s', (type) => {
  expect(read(false, type, type.startsWith('date') ? 'date' : 'text')).toBeNull()
})

test('false is false for a boolean', () => {
  expect(read(false, 'boolean', 'text')).toBe(false)
})

test('a relation is its name', () => {
  expect(read(['7', '[A] Bearing'], 'many2one', 'name')).toBe('[A] Bearing')
})

test('an instant is the day that it is here', () => {
  expect(read('2026-10-31 15:00:00', 'datetime', 'date')).toBe('2026-11-01')
  expect(read('2026-10-31 14:59:59.999999', 'datetime', 'date')).toBe('2026-10-31')
  expect(readSpanStart(['2026-10-31 15:00:00', '2026년 11월'], fieldOf('datetime'), 'Asia/Seoul')).toBe('2026-11-01')
})

test.each([
  ['60.199999999999996', '60.2'],
  ['0.30000000000000004', '0.3'],
  ['1234567.89', '1234567.89'],
  ['100.0', '100'],
  ['-0.0', '0'],
  ['12345678901.230001', '12345678901.230001'],
  ['9007199254740993', '9007199254740993'],
])('what a float cannot carry is rounded off: %s', (raw, expected) => {
  expect(readNumber(raw, false)).toBe(expected)
})

test('what a float may have lost is known', () => {
  expect(['10000000000000.03', '1e+16', '9007199254740992.0'].map(isUncertain)).toEqual([true, true, true])
  expect(['60.199999999999996', '1000000000000.5', '9007199254740993'].map(isUncertain)).toEqual([false, false, false])
  expect(() => readNumber('9007199254740992.0', false)).toThrow()
})

test('any decimal that a float carries comes back as it was, from the text of the reply', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 14), max: 10 ** 14 }), fc.integer({ min: 0, max: 6 }), (digits, places) => {
      const value = Number(`${digits}e-${places}`)
      const [raw] = parseExact(`[${value}]`) as [string]
      expect(Number(readNumber(raw, false))).toBe(value)
      expect(Number(readNumber(raw, true))).toBe(value === 0 ? 0 : -value)
    }),
  )
})

test.each([
  ['a property that is missing', undefined, 'char', 'text'],
  ['a text for an amount', 'abc', 'float', 'money'],
  ['a bare id for a name', '7', 'many2one', 'name'],
  ['a label for a date', 'November 2026', 'date', 'date'],
  ['a date for an instant', '2026-11-01', 'datetime', 'date'],
  ['an object for a text', {}, 'char', 'text'],
] as const)('%s is no value', (_, raw, odoo, type) => {
  expect(() => read(raw, odoo, type)).toThrow()
})
