import type { SealedColumn } from '#platform/encryption'

/** Where conversations keep sealed values in the database. */
export const sealedChatColumns: SealedColumn[] = [
  { table: 'conversations', column: 'title', rowKey: 'conversation_id' },
  { table: 'conversations', column: 'state', rowKey: 'conversation_id' },
  { table: 'turns', column: 'question', rowKey: 'turn_id' },
  { table: 'turns', column: 'answer', rowKey: 'turn_id' },
  { table: 'turns', column: 'rating_note', rowKey: 'turn_id' },
]
