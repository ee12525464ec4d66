import { z } from 'zod'
import { AppError, type ErrorSpec } from './errors.ts'

/** A moment in a place, which is a Date to us. */
export const placedAt = z.iso.datetime().transform((text) => new Date(text))

/** Places in a list as text for a URL. */
export type ListCursor<Place> = {
  format(place: Place): string
  /** The place that `format` wrote; throws AppError `refusal` for any other text. */
  read(text: string): Place
}

/** `place` reads what JSON makes of a place; `refusal` is what a reader is told of a text that is none. */
export function createListCursor<Place>(place: z.ZodType<Place>, refusal: ErrorSpec): ListCursor<Place> {
  return {
    format: (at) => Buffer.from(JSON.stringify(at)).toString('base64url'),
    read(text) {
      try {
        return place.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
      } catch (cause) {
        throw new AppError(refusal, { cause })
      }
    },
  }
}
