import { z } from 'zod'
import { AppError } from '#platform/errors'
import { notifyErrors } from './errors.ts'

/** An id is a UUID or a hash as hex. */
const placeSchema = z.tuple([z.iso.datetime(), z.union([z.uuid(), z.string().regex(/^[\da-f]{64}$/)])])

/** The place after an entry of a list, as text for a URL. */
export function formatCursor({ at, id }: { at: Date; id: string }): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url')
}

/** An instant of a query, if there is one. */
export const readInstant = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text)

/** The place that `formatCursor` wrote. Throws NOTIFY_CURSOR_INVALID. */
export function readCursor(text: string): { at: Date; id: string } {
  try {
    const [at, id] = placeSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return { at: new Date(at), id }
  } catch (cause) {
    throw new AppError(notifyErrors.cursorInvalid, { cause })
  }
}
