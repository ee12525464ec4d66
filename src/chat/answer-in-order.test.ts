import { expect, test } from 'vitest'
import { answerQuestion } from './answer-question.ts'
import { fakeDeps, question } from './chat-fixture.ts'

test('questions at once in one conversation are read in order, each in the state the one before left', async () => {
  const before: (string | undefined)[] = []
  const deps = fakeDeps({
    understand: async ({ text, state, language }) => {
      before.push(state.lastQuery?.entity)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
      const query = { entity: text, measures: ['count'] }
      return {
        understanding: { intent: 'query', confidence: 1, language, spans: [], query },
        state: { lastQuery: query },
      }
    },
  })
  const first = await answerQuestion(deps, question({ text: 'item' }))
  const entities = ['customer', 'vendor', 'employee', 'stock', 'leave']
  await Promise.all(
    entities.map((text) => answerQuestion(deps, question({ text, conversationId: first.conversationId }))),
  )
  expect(before).toEqual([undefined, 'item', ...entities.slice(0, -1)])
  const { turns } = await deps.conversations.read('somi', first.conversationId)
  expect(turns.map(({ question: text, answer }) => [text, answer?.query?.entity])).toEqual(
    ['item', ...entities].map((text) => [text, text]),
  )
})

test('a state that another process wrote meanwhile is read again', async () => {
  const deps = fakeDeps()
  const { writeState } = deps.conversations
  let isFirst = true
  let readings = 0
  const { understand } = deps
  deps.understand = async (request) => {
    readings += 1
    return understand(request)
  }
  deps.conversations.writeState = async (...args) => {
    const isLost = isFirst
    isFirst = false
    return isLost ? false : writeState(...args)
  }
  expect((await answerQuestion(deps, question())).turn.answer.kind).toBe('answered')
  expect(readings).toBe(2)
})
