import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Answer } from './api.ts'
import { type ConversationStore, maxTurns, type NewQuestion, pageSize } from './conversation-store.ts'

const answer: Answer = {
  kind: 'answered',
  language: 'ko',
  text: '이번 달 매출은 **1만 원**이에요.',
  chips: [],
  prompts: [],
}
const state = { lastQuery: { entity: 'sales', measures: ['amount'] } }
const code = (name: string) => ({ spec: { code: name } })

function ask(more: Partial<NewQuestion> = {}): NewQuestion {
  return {
    owner: 'somi',
    conversationId: undefined,
    question: '이번 달 매출',
    askedAt: new Date('2026-11-23T01:00:00Z'),
    traceId: 't1',
    ...more,
  }
}

/** What every conversation store does. */
export function testConversationStore(open: () => ConversationStore): void {
  describe('a conversation', () => {
    test('begins with a question, takes its answer, and is read back', async () => {
      const store = open()
      const { conversationId, turnId } = await store.addQuestion(ask())
      const place = { owner: 'somi', conversationId, turnId }
      expect(await store.readTurn(place)).toMatchObject({ question: '이번 달 매출', answer: null })
      await store.addAnswer(place, { answer, timing: { total: 12.5 } })
      const { title, updatedAt, turns } = await store.read('somi', conversationId)
      expect({ title, updatedAt }).toEqual({ title: '이번 달 매출', updatedAt: '2026-11-23T01:00:00.000Z' })
      expect(turns).toMatchObject([
        { turnId, answer, timing: { total: 12.5 }, traceId: 't1', askedAt: new Date('2026-11-23T01:00:00Z') },
      ])
    })

    test('keeps every question of many at once, each at its own place', async () => {
      const store = open()
      const { conversationId } = await store.addQuestion(ask({ question: '0' }))
      await Promise.all(
        Array.from({ length: 12 }, (_, i) => store.addQuestion(ask({ conversationId, question: `${i + 1}` }))),
      )
      const { turns } = await store.read('somi', conversationId)
      expect(turns.map(({ question }) => Number(question)).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 13 }, (_, i) => i),
      )
      expect(turns[0]?.question).toBe('0')
    })

    test('keeps the last opinion of an answer, and its owner’s alone', async () => {
      const store = open()
      const { conversationId, turnId } = await store.addQuestion(ask())
      const place = { owner: 'somi', conversationId, turnId }
      const feedbackOf = async () => (await store.readTurn(place)).feedback
      expect(await feedbackOf()).toBeNull()
      expect(await store.rateTurn(place, { rating: 'up' })).toEqual({})
      const bad = { rating: 'down', cause: 'wrong_number', remark: '한 건이 빠졌어요' } as const
      await store.rateTurn(place, bad)
      expect(await feedbackOf()).toEqual(bad)
      // The last word is the whole of it: nothing of an earlier one stays.
      await store.rateTurn(place, { rating: 'down' })
      expect((await store.read('somi', place.conversationId)).turns[0]?.feedback).toEqual({ rating: 'down' })
      await expect(store.rateTurn({ ...place, turnId: randomUUID() }, { rating: 'up' })).rejects.toMatchObject(
        code('TURN_NOT_FOUND'),
      )
      await expect(store.rateTurn({ ...place, owner: 'minsu' }, { rating: 'up' })).rejects.toMatchObject(
        code('CONVERSATION_NOT_FOUND'),
      )
    })

    test('is nobody else’s', async () => {
      const store = open()
      const { conversationId, turnId } = await store.addQuestion(ask())
      const place = { owner: 'minsu', conversationId, turnId }
      const refused = code('CONVERSATION_NOT_FOUND')
      await expect(store.read('minsu', conversationId)).rejects.toMatchObject(refused)
      await expect(store.readTurn(place)).rejects.toMatchObject(refused)
      await expect(store.readState('minsu', conversationId)).rejects.toMatchObject(refused)
      await expect(store.remove('minsu', conversationId)).rejects.toMatchObject(refused)
      await expect(store.addQuestion(ask({ owner: 'minsu', conversationId }))).rejects.toMatchObject(refused)
      await store.addAnswer(place, { answer, timing: {} })
      expect((await store.read('somi', conversationId)).turns).toMatchObject([{ answer: null }])
      expect((await store.list('minsu')).conversations).toEqual([])
    })

    test('is gone once removed', async () => {
      const store = open()
      const { conversationId, turnId } = await store.addQuestion(ask())
      await store.remove('somi', conversationId)
      await expect(store.read('somi', conversationId)).rejects.toMatchObject(code('CONVERSATION_NOT_FOUND'))
      await store.addAnswer({ owner: 'somi', conversationId, turnId }, { answer, timing: {} })
      await expect(store.remove('somi', conversationId)).rejects.toMatchObject(code('CONVERSATION_NOT_FOUND'))
      await expect(store.read('somi', randomUUID())).rejects.toMatchObject(code('CONVERSATION_NOT_FOUND'))
    })

    test('knows its own turns only', async () => {
      const store = open()
      const mine = await store.addQuestion(ask())
      const other = await store.addQuestion(ask())
      const wrong = { owner: 'somi', conversationId: mine.conversationId, turnId: other.turnId }
      await expect(store.readTurn(wrong)).rejects.toMatchObject(code('TURN_NOT_FOUND'))
    })

    test('goes on in a new one when it is full, with what it was about', async () => {
      const store = open()
      const { conversationId } = await store.addQuestion(ask())
      await store.writeState('somi', conversationId, { state, version: 0 })
      for (let i = 1; i < maxTurns; i += 1) await store.addQuestion(ask({ conversationId }))
      const next = await store.addQuestion(ask({ conversationId, question: '그럼 지난달은?' }))
      expect(next.conversationId).not.toBe(conversationId)
      expect((await store.readState('somi', next.conversationId)).state).toEqual(state)
      expect((await store.read('somi', conversationId)).turns).toHaveLength(maxTurns)
    })
  })

  describe('state', () => {
    test('is empty at first, and is written only over the version that was read', async () => {
      const store = open()
      const { conversationId } = await store.addQuestion(ask())
      const first = await store.readState('somi', conversationId)
      expect(first.state).toEqual({})
      expect(await store.writeState('somi', conversationId, { ...first, state })).toBe(true)
      expect(await store.writeState('somi', conversationId, { ...first, state: {} })).toBe(false)
      expect((await store.readState('somi', conversationId)).state).toEqual(state)
    })
  })

  describe('the list', () => {
    test('goes from the latest back, page by page, missing none', async () => {
      const store = open()
      const made: string[] = []
      for (let i = 0; i < pageSize + 3; i += 1) {
        const askedAt = new Date(Date.UTC(2026, 10, 1, 0, Math.floor(i / 2)))
        made.push((await store.addQuestion(ask({ owner: 'lister', askedAt }))).conversationId)
      }
      const first = await store.list('lister')
      const second = await store.list('lister', first.next)
      expect([first.conversations.length, second.conversations.length, second.next]).toEqual([pageSize, 3, undefined])
      const ids = [...first.conversations, ...second.conversations].map(({ conversationId }) => conversationId)
      expect(ids.toSorted()).toEqual(made.toSorted())
      const times = [...first.conversations, ...second.conversations].map(({ updatedAt }) => updatedAt)
      expect(times).toEqual(times.toSorted().toReversed())
    })

    test.each(['x', 'WzEsMl0', 'bnVsbA'])('refuses the cursor %s', async (cursor) => {
      await expect(open().list('somi', cursor)).rejects.toMatchObject(code('CURSOR_INVALID'))
    })
  })
}
