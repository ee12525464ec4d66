import { z } from 'zod'
import { createListCursor, placedAt } from '#platform/list-cursor'
import { notifyErrors } from './errors.ts'

/** Places in the lists of what was sent. Reading throws NOTIFY_CURSOR_INVALID. */
export const listCursor = createListCursor(z.object({ at: placedAt, id: z.uuid() }), notifyErrors.cursorInvalid)
