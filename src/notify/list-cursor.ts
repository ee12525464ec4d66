import { z } from 'zod'
import { createListCursor, placedAt } from '#platform/list-cursor'
import { notifyErrors } from './errors.ts'

/** An id is a UUID or a hash as hex. */
const id = z.union([z.uuid(), z.string().regex(/^[\da-f]{64}$/)])

/** Places in the lists of what was sent and who is not written to. Reading throws NOTIFY_CURSOR_INVALID. */
export const listCursor = createListCursor(z.object({ at: placedAt, id }), notifyErrors.cursorInvalid)

/** An instant of a query, if there is one. */
export const readInstant = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text)
