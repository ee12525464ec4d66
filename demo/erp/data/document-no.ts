import { type Day, yearOf } from './calendar.ts'

/** Numbers documents of one kind per year, in the order in which they are asked for: INV-2026-00001. */
export function createNumbering(prefix: string): (day: Day) => string {
  const last = new Map<number, number>()
  return (day) => {
    const year = yearOf(day)
    const number = (last.get(year) ?? 0) + 1
    last.set(year, number)
    return `${prefix}-${year}-${String(number).padStart(5, '0')}`
  }
}
