import { z } from 'zod'
import { AppError } from '#platform/errors'
import { notifyErrors } from './errors.ts'

const placeSchema = z.tuple([z.iso.datetime(), z.uuid()])

/** The place after a message in the list, as text for a URL. */
export function formatCursor({ requestedAt, email }: { requestedAt: Date; email: string }): string {
  return Buffer.from(JSON.stringify([requestedAt.toISOString(), email])).toString('base64url')
}

/** The place that `formatCursor` wrote. Throws MAIL_CURSOR_INVALID. */
export function readCursor(text: string): { at: Date; email: string } {
  try {
    const [at, email] = placeSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return { at: new Date(at), email }
  } catch (cause) {
    throw new AppError(notifyErrors.cursorInvalid, { cause })
  }
}
