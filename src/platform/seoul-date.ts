import { Temporal } from 'temporal-polyfill'

/** The date of an instant where the product's users are, ISO. */
export function seoulDate(at: Date): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO('Asia/Seoul').toPlainDate().toString()
}
