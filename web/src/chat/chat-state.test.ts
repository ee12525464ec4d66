import { expect, test } from 'vitest'
import type { Answer, Chip, ServerFrame, Turn } from '../../../src/chat/api.ts'
import { type ChatAction, type ChatState, emptyChat, reduceChat } from './chat-state.ts'

const conversationId = '6f1f6a8e-0000-4000-8000-000000000001'
const answer: Answer = {
  kind: 'answered',
  language: 'ko',
  text: '이번 달 매출은 **1억 원**이에요.',
  chips: [],
  prompts: [],
}
const turn = (n: number, question: string): Turn => ({
  turnId: `6f1f6a8e-0000-4000-8000-00000000010${n}`,
  question,
  askedAt: '2026-11-23T05:32:00.000Z',
  answer,
  traceId: 'abc',
})
const chips: Chip[] = [{ kind: 'measure', label: '보는 값', value: '매출액' }]

const play = (actions: ChatAction[], from: ChatState = emptyChat) => actions.reduce(reduceChat, from)
const frame = (frame: ServerFrame): ChatAction => ({ type: 'frame', frame })
const asked: ChatAction = { type: 'asked', requestId: 'r1', question: '이번 달 매출' }

test('a question runs through accepted, understood and answer', () => {
  const accepted = play([asked, frame({ type: 'accepted', requestId: 'r1', conversationId })])
  expect(accepted).toMatchObject({ conversationId, pending: { phase: 'accepted' } })

  const understood = play([frame({ type: 'understood', requestId: 'r1', chips, partial: false })], accepted)
  expect(understood.pending).toMatchObject({ phase: 'understood', chips })

  const done = play(
    [frame({ type: 'answer', requestId: 'r1', conversationId, turn: turn(1, '이번 달 매출') })],
    understood,
  )
  expect(done).toMatchObject({ pending: null, title: '이번 달 매출', freshTurnId: turn(1, '').turnId })
  expect(done.turns).toHaveLength(1)
})

test('frames about another question change nothing', () => {
  const state = play([asked])
  expect(play([frame({ type: 'answer', requestId: 'old', conversationId, turn: turn(1, 'x') })], state)).toBe(state)
  expect(play([frame({ type: 'understood', requestId: 'old', chips, partial: true })], state)).toBe(state)
})

test('the same answer twice is one turn', () => {
  const twice = frame({ type: 'answer', requestId: 'r1', conversationId, turn: turn(1, '이번 달 매출') })
  expect(play([asked, twice, asked, twice]).turns).toHaveLength(1)
})

test('typing keeps the chips on screen until the next reading, and sending takes them along', () => {
  const read = play([
    { type: 'typed', requestId: 't1' },
    frame({ type: 'understood', requestId: 't1', chips, partial: true }),
    { type: 'typed', requestId: 't2' },
  ])
  expect(read.reading).toEqual({ requestId: 't2', chips })
  expect(play([frame({ type: 'understood', requestId: 't1', chips: [], partial: true })], read).reading?.chips).toEqual(
    chips,
  )
  expect(play([asked], read)).toMatchObject({ reading: null, pending: { chips } })
})

test('an error ends the question and keeps it to ask again', () => {
  const error = { code: 'ERP_TIMEOUT', message: 'ERP가 늦어요.', details: [], timestamp: '', traceId: 'trace-1' }
  const failed = play([asked, frame({ type: 'error', requestId: 'r1', error })])
  expect(failed).toMatchObject({
    pending: null,
    failed: { question: '이번 달 매출', code: 'ERP_TIMEOUT', traceId: 'trace-1' },
  })
  expect(play([asked], failed).failed).toBeNull()
})

test('after a cut, an answer found in the conversation ends the wait', () => {
  const waiting = play([asked, frame({ type: 'accepted', requestId: 'r1', conversationId })])
  const kept = { conversationId, title: '이번 달 매출', updatedAt: '2026-11-23T05:32:00.000Z' }
  const still = play([{ type: 'opened', conversation: { ...kept, turns: [] } }], waiting)
  expect(still.pending?.requestId).toBe('r1')
  const found = play([{ type: 'opened', conversation: { ...kept, turns: [turn(1, '이번 달 매출')] } }], waiting)
  expect(found).toMatchObject({ pending: null, freshTurnId: turn(1, '').turnId })
})
