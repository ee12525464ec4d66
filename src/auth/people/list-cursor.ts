import { z } from 'zod'
import { createListCursor } from '#platform/list-cursor'
import { peopleErrors } from './errors.ts'

/** Places in the list of people. Reading throws CURSOR_INVALID. */
export const listCursor = createListCursor(
  z.object({ name: z.string().regex(/^\P{Cc}*$/u), userId: z.uuid() }),
  peopleErrors.cursorInvalid,
)
