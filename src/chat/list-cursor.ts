import { z } from 'zod'
import { createListCursor } from '#platform/list-cursor'
import { chatErrors } from './errors.ts'

/** Places in the list of conversations. Reading throws CURSOR_INVALID. */
export const listCursor = createListCursor(
  z.object({ updatedAt: z.iso.datetime(), conversationId: z.uuid() }),
  chatErrors.cursorInvalid,
)
