import { z } from 'zod'
import { AppError } from '#platform/errors'
import type { ConversationSummary } from './api.ts'
import { chatErrors } from './errors.ts'

const placeSchema = z.tuple([z.iso.datetime(), z.uuid()])

/** The place after a conversation in the list, as text for a URL. */
export function formatCursor({
  updatedAt,
  conversationId,
}: Pick<ConversationSummary, 'updatedAt' | 'conversationId'>): string {
  return Buffer.from(JSON.stringify([updatedAt, conversationId])).toString('base64url')
}

/** The place that `formatCursor` wrote. Throws CURSOR_INVALID. */
export function readCursor(text: string): { updatedAt: string; conversationId: string } {
  try {
    const [updatedAt, conversationId] = placeSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return { updatedAt, conversationId }
  } catch (cause) {
    throw new AppError(chatErrors.cursorInvalid, { cause })
  }
}
