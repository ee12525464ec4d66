import { z } from 'zod'
import { AppError } from '#platform/errors'
import { peopleErrors } from './errors.ts'

const placeSchema = z.tuple([z.string().regex(/^\P{Cc}*$/u), z.uuid()])

type Place = { name: string; userId: string }

/** The place after a person in the list, as text for a URL. */
export function formatPlace({ name, userId }: Place): string {
  return Buffer.from(JSON.stringify([name, userId])).toString('base64url')
}

/** The place that `formatPlace` wrote. Throws CURSOR_INVALID. */
export function readPlace(text: string): Place {
  try {
    const [name, userId] = placeSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return { name, userId }
  } catch (cause) {
    throw new AppError(peopleErrors.cursorInvalid, { cause })
  }
}
