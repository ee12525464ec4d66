import { describe, expect, test } from 'vitest'
import type { Understanding } from '#nlu'
import { AppError } from '#platform/errors'
import { answerQuestion } from './answer-question.ts'
import type { AnswerDeps } from './answer-run.ts'
import { fakeDeps, question, salesThisMonth, somi, understandBy } from './chat-fixture.ts'

const unavailable = {
  code: 'AUDIT_UNAVAILABLE',
  kind: 'unavailable',
  ko: '지금은 남길 수 없어요.',
  en: 'Not now.',
} as const

const down = new AppError({
  code: 'ERP_UNAVAILABLE',
  kind: 'unavailable',
  ko: 'ERP에 연결할 수 없어요.',
  en: 'The ERP cannot be reached.',
})

async function answerTo(
  understanding: Partial<Understanding>,
  more: Partial<AnswerDeps> = {},
  before: Partial<Understanding>[] = [],
) {
  const table = Object.fromEntries([...before, understanding].map((each, i) => [`질문 ${i}`, each]))
  const deps = fakeDeps({ understand: understandBy(table), ...more })
  let conversationId: string | undefined
  for (const text of Object.keys(table).slice(0, -1)) {
    conversationId = (await answerQuestion(deps, question({ text, conversationId }))).conversationId
  }
  const reply = await answerQuestion(deps, question({ text: `질문 ${before.length}`, conversationId }))
  return { ...reply.turn.answer, conversationId: reply.conversationId, turnId: reply.turn.turnId }
}

test('a question is answered, kept with its answer, timed and audited without its text', async () => {
  const deps = fakeDeps()
  const seen: string[] = []
  const reply = await answerQuestion(
    deps,
    question({
      onAccepted: () => seen.push('accepted'),
      onUnderstood: (chips) => seen.push(`understood ${chips.length}`),
    }),
  )
  expect(reply.turn.answer).toMatchObject({
    kind: 'answered',
    text: '이번 달 매출은 **1만 원**이에요.',
    coverage: expect.stringContaining('담당자 안소미만'),
  })
  expect(seen).toEqual(['accepted', 'understood 3'])
  expect(Object.keys(reply.turn.timing ?? {}).sort()).toEqual(['erp', 'permit', 'render', 'total', 'understand'])
  const kept = await deps.conversations.read('somi', reply.conversationId)
  expect(kept.turns).toMatchObject([{ question: '이번 달 매출', answer: reply.turn.answer, timing: reply.turn.timing }])
  expect(deps.audited).toMatchObject([
    {
      actorId: 'somi',
      action: 'chat.ask',
      outcome: 'ok',
      ip: '127.0.0.1',
      details: { shape: { entity: 'sales', measures: ['amount'], period: 'date' }, kind: 'answered' },
    },
  ])
  expect(JSON.stringify(deps.audited)).not.toContain('매출')
})

describe('what is not data', () => {
  test.each<[string, Partial<Understanding>, string, string]>([
    ['a greeting', { intent: 'greeting' }, 'small-talk', '안녕하세요, 안소미 님. ERP에서 궁금한 숫자를 물어봐 주세요.'],
    ['thanks', { intent: 'thanks' }, 'small-talk', '도움이 됐다니 다행이에요. 더 궁금한 게 있으면 물어봐 주세요.'],
    [
      'a stranger to the ERP',
      { intent: 'out_of_scope' },
      'out-of-scope',
      'ERP에 없는 내용이라 답할 수 없어요. 이런 건 물어볼 수 있어요:',
    ],
    [
      'a change',
      { intent: 'out_of_scope', reason: 'write' },
      'out-of-scope',
      '여기서는 ERP를 조회만 할 수 있어서 등록하거나 바꾸지 못해요. 이런 건 물어볼 수 있어요:',
    ],
    [
      'a chart of nothing',
      { intent: 'view', view: 'bar' },
      'clarify',
      '아직 보여 드린 답이 없어요. 먼저 물어봐 주세요. 예를 들면:',
    ],
    [
      'a subscription',
      { intent: 'subscribe', schedule: '0 9 * * 1', query: { entity: 'sales', measures: ['amount'] } },
      'arranged',
      'report 0 9 * * 1',
    ],
    [
      'an alert',
      { intent: 'alert', query: { entity: 'stock', measures: ['quantity'], where: [['quantity', 'lt', 50]] } },
      'arranged',
      'alert',
    ],
    ['what is sent already', { intent: 'manage', manage: { act: 'list' } }, 'arranged', 'list'],
    [
      'a refusal',
      { intent: 'query', query: { entity: 'payable', measures: ['balance'] } },
      'not-allowed',
      '이 데이터를 볼 권한이 없어요. 권한 담당자: 재무회계팀',
    ],
  ])('%s', async (_, understanding, kind, text) => {
    expect(await answerTo(understanding)).toMatchObject({ kind, text })
  })

  test('help names what the person may read, and nothing else', async () => {
    const { text, prompts } = await answerTo({ intent: 'help' })
    expect(text).toContain('매출')
    expect(text).not.toContain('미지급금')
    expect(prompts).toHaveLength(6)
  })

  test('a name that fits twice is asked back, with the names to press', async () => {
    const deps = fakeDeps({
      understand: async ({ language }) => ({
        understanding: {
          intent: 'clarify',
          confidence: 0.9,
          language,
          field: 'customer',
          candidates: ['한빛상사', '한빛전자'],
          spans: [{ start: 0, end: 2, kind: 'value', text: '한빛', reading: 'customer' }],
        },
        state: {
          pending: { query: salesThisMonth, field: 'customer', candidates: ['한빛상사', '한빛전자'], intent: 'query' },
        },
      }),
    })
    const { turn } = await answerQuestion(deps, question())
    expect(turn.answer).toMatchObject({
      kind: 'clarify',
      text: '‘한빛’은 두 곳이에요. 어느 쪽인가요?',
      prompts: [{ text: '한빛상사' }, { text: '한빛전자' }],
    })
    const english = await answerQuestion(deps, question({ text: 'Sales of Hanbit' }))
    expect(english.turn.answer).toMatchObject({ language: 'en', text: '2 customers match “한빛”. Which one?' })
  })
})

describe('follow-ups', () => {
  const asked = { intent: 'query' as const, query: { ...salesThisMonth, groupBy: ['customer'] } }
  const rows = [
    { customer: '한빛상사', amount: '3' },
    { customer: '대한정밀', amount: '2' },
  ]

  test('the same answer is shown another way, asked of the ERP again', async () => {
    const { answerOf } = await import('./answer/render-fixture.ts')
    const answerQuery: AnswerDeps['answerQuery'] = async ({ query }) =>
      answerOf(query, rows, { totals: { amount: '5' } })
    expect(await answerTo({ intent: 'view', view: 'pie' }, { answerQuery }, [asked])).toMatchObject({
      kind: 'answered',
      view: 'pie',
      chart: { kind: 'pie' },
    })
  })

  test('a file is offered for the last answer, at the turn that offers it', async () => {
    const answer = await answerTo({ intent: 'export', format: 'csv' }, {}, [asked])
    expect(answer).toMatchObject({
      kind: 'answered',
      text: '**CSV 파일**로 받을 수 있어요. 받는 순간의 값으로 모든 행을 담아요.',
      query: asked.query,
    })
    expect(answer.download?.url).toBe(
      `/api/v1/conversations/${answer.conversationId}/turns/${answer.turnId}/export?format=csv`,
    )
  })

  test('a file is not offered of what may not be seen', async () => {
    const query = { entity: 'payable', measures: ['balance'] }
    const answer = await answerTo({ intent: 'export' }, {}, [{ intent: 'query', query }])
    expect(answer.kind).toBe('not-allowed')
    expect(answer.download).toBeUndefined()
  })
})

describe('failures', () => {
  test.each([
    ['the ERP', { answerQuery: async () => Promise.reject(down) }],
    ['understanding', { understand: async () => Promise.reject(down) }],
  ] as const)('%s down: thrown, and the question stays', async (_, broken) => {
    const deps = fakeDeps(broken)
    await expect(answerQuestion(deps, question())).rejects.toMatchObject({ spec: { code: 'ERP_UNAVAILABLE' } })
    const { conversations } = await deps.conversations.list('somi')
    const { turns } = await deps.conversations.read('somi', conversations[0]?.conversationId ?? '')
    expect(turns).toMatchObject([
      {
        question: '이번 달 매출',
        answer: { kind: 'failed', errorCode: 'ERP_UNAVAILABLE', text: 'ERP에 연결할 수 없어요.' },
      },
    ])
    expect(deps.audited).toMatchObject([{ outcome: 'failed', details: { errorCode: 'ERP_UNAVAILABLE' } }])
  })

  test('an answer that cannot be put on record is neither given nor kept', async () => {
    const deps = fakeDeps({ audit: { record: async () => Promise.reject(new AppError(unavailable)) } })
    await expect(answerQuestion(deps, question())).rejects.toThrow('AUDIT_UNAVAILABLE')
    const { conversations } = await deps.conversations.list('somi')
    const kept = await deps.conversations.read('somi', conversations[0]?.conversationId ?? '')
    expect(kept.turns).toMatchObject([{ answer: { kind: 'failed', errorCode: 'AUDIT_UNAVAILABLE' } }])
    expect(JSON.stringify(kept.turns)).not.toContain('만 원')
  })

  test('a fault of ours shows as such, never its message', async () => {
    const deps = fakeDeps({ answerQuery: async () => Promise.reject(new Error('password=hunter2')) })
    await expect(answerQuestion(deps, question())).rejects.toThrow('hunter2')
    const { conversations } = await deps.conversations.list('somi')
    const kept = await deps.conversations.read('somi', conversations[0]?.conversationId ?? '')
    expect(kept.turns[0]?.answer).toMatchObject({ errorCode: 'INTERNAL' })
    expect(JSON.stringify(kept)).not.toContain('hunter2')
  })

  test('who hangs up ends the work, also when the ERP does not listen', async () => {
    const caller = new AbortController()
    let erpSignal: AbortSignal | undefined
    const deps = fakeDeps({
      answerQuery: async (_, signal) => {
        erpSignal = signal
        caller.abort()
        return new Promise(() => undefined)
      },
    })
    await expect(answerQuestion(deps, question({ signal: caller.signal }))).rejects.toMatchObject({
      spec: { code: 'ANSWER_INTERRUPTED' },
    })
    expect(erpSignal?.aborted).toBe(true)
  })

  test('an answer that cannot be kept still reaches the person', async () => {
    const deps = fakeDeps()
    deps.conversations.addAnswer = async () => Promise.reject(new Error('disk full'))
    expect((await answerQuestion(deps, question())).turn.answer.kind).toBe('answered')
  })

  test('nobody asks in a conversation of another', async () => {
    const deps = fakeDeps()
    const { conversationId } = await answerQuestion(deps, question())
    const stranger = { ...somi, userId: 'minsu' }
    await expect(answerQuestion(deps, question({ actor: stranger, conversationId }))).rejects.toMatchObject({
      spec: { code: 'CONVERSATION_NOT_FOUND' },
    })
  })
})
