import { Temporal } from 'temporal-polyfill'

const utcPattern = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?$/

/** The instant at which a date begins in a time zone, as Odoo writes instants: `2026-10-31 15:00:00`, UTC. */
export function startOfDate(date: string, timeZone: string): string {
  const start = Temporal.PlainDate.from(date).toZonedDateTime(timeZone)
  return start.toInstant().toString({ smallestUnit: 'second' }).replace('T', ' ').replace('Z', '')
}

/** The date so many days later; earlier for a negative number. */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/** The date in a time zone at an instant that Odoo wrote; undefined when it is none. */
export function dateOfInstant(text: string, timeZone: string): string | undefined {
  const match = utcPattern.exec(text)
  if (!match) return undefined
  return Temporal.Instant.from(`${match[1]}T${match[2]}Z`).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}
