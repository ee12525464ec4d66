import { randomUUID } from 'node:crypto'
import { AppError } from '#platform/errors'
import { type ConversationStore, maxTurns, pageSize, type StateOf, type StoredTurn } from './conversation-store.ts'
import { titleOf } from './conversation-title.ts'
import { chatErrors } from './errors.ts'
import { listCursor } from './list-cursor.ts'

type Kept = { owner: string; title: string; updatedAt: Date; held: StateOf; turns: StoredTurn[] }

/** A conversation store in memory for unit tests; it passes the same contract as the real one. */
export function createMemoryConversationStore(): ConversationStore {
  const all = new Map<string, Kept>()
  const find = (owner: string, id: string): Kept => {
    const kept = all.get(id)
    if (kept?.owner !== owner) throw new AppError(chatErrors.conversationNotFound)
    return kept
  }
  const summary = (id: string, { title, updatedAt }: Kept) => ({
    conversationId: id,
    title,
    updatedAt: updatedAt.toISOString(),
  })
  return {
    async addQuestion({ owner, conversationId, question, askedAt, traceId }) {
      const before = conversationId === undefined ? undefined : find(owner, conversationId)
      const turn: StoredTurn = {
        turnId: randomUUID(),
        question,
        askedAt,
        traceId,
        answer: null,
        timing: null,
        feedback: null,
      }
      if (conversationId !== undefined && before && before.turns.length < maxTurns) {
        before.turns.push(turn)
        before.updatedAt = askedAt
        return { conversationId, turnId: turn.turnId }
      }
      const id = randomUUID()
      const title = titleOf(question)
      all.set(id, {
        owner,
        title,
        updatedAt: askedAt,
        held: { state: before?.held.state ?? {}, version: 0 },
        turns: [turn],
      })
      return { conversationId: id, turnId: turn.turnId }
    },
    async addAnswer({ owner, conversationId, turnId }, { answer, timing }) {
      const turn =
        all.get(conversationId)?.owner === owner &&
        all.get(conversationId)?.turns.find((each) => each.turnId === turnId)
      if (turn) Object.assign(turn, { answer, timing })
    },
    readState: async (owner, id) => structuredClone(find(owner, id).held),
    async writeState(owner, id, { state, version }) {
      const kept = find(owner, id)
      if (kept.held.version !== version) return false
      kept.held = structuredClone({ state, version: version + 1 })
      return true
    },
    async list(owner, after) {
      const place = after === undefined ? undefined : listCursor.read(after)
      const mine = [...all]
        .filter(([, kept]) => kept.owner === owner)
        .map(([id, kept]) => summary(id, kept))
        .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt) || b.conversationId.localeCompare(a.conversationId))
        .filter(
          (each) =>
            !place || [each.updatedAt, each.conversationId].join() < [place.updatedAt, place.conversationId].join(),
        )
      const conversations = mine.slice(0, pageSize)
      const last = conversations.at(-1)
      return { conversations, next: mine.length > pageSize && last ? listCursor.format(last) : undefined }
    },
    read: async (owner, id) => ({ ...summary(id, find(owner, id)), turns: structuredClone(find(owner, id).turns) }),
    async readTurn({ owner, conversationId, turnId }) {
      const turn = find(owner, conversationId).turns.find((each) => each.turnId === turnId)
      if (!turn) throw new AppError(chatErrors.turnNotFound)
      return structuredClone(turn)
    },
    async rateTurn({ owner, conversationId, turnId }, feedback) {
      const turn = find(owner, conversationId).turns.find((each) => each.turnId === turnId)
      if (!turn) throw new AppError(chatErrors.turnNotFound)
      turn.feedback = feedback
      return {}
    },
    async remove(owner, id) {
      find(owner, id)
      all.delete(id)
    },
  }
}
