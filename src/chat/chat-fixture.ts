import type { Actor, PermitRead } from '#auth'
import { type BusinessQuery, loadCatalog, permitQuery } from '#catalog'
import type { AnswerQuery } from '#erp'
import type { Understand, Understanding } from '#nlu'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { answerOf } from './answer/render-fixture.ts'
import type { AnswerDeps, Question } from './answer-run.ts'
import { createMemoryConversationStore } from './conversation-store-fixture.ts'
import { createChatMetrics } from './step-timer.ts'
import { createTurnstile } from './turnstile.ts'

/** The chat with everything around it made up, for tests: what a text means and what the ERP says are in the test's hands. */
export const somi: Actor = {
  userId: 'somi',
  name: '안소미',
  department: '인사총무팀',
  email: 'somi@example.com',
  roles: ['employee'],
  language: 'ko',
}

export const salesThisMonth: BusinessQuery = {
  entity: 'sales',
  measures: ['amount'],
  period: { field: 'date', from: '2026-11-01', to: '2026-11-30' },
}

/** Understands by table; an unknown text is out of scope. Remembers the last query, as understanding does. */
export function understandBy(table: Record<string, Partial<Understanding>>): Understand {
  return async ({ text, state, language }) => {
    const understanding: Understanding = { intent: 'out_of_scope', confidence: 1, language, spans: [], ...table[text] }
    const isAnswered = understanding.intent === 'query' || understanding.intent === 'refine'
    return { understanding, state: isAnswered && understanding.query ? { lastQuery: understanding.query } : state }
  }
}

export const answerTenThousand: AnswerQuery = async ({ query }) => {
  const rows =
    query.measures.length === 0
      ? [{ orderNo: 'PO-1' }]
      : [Object.fromEntries(query.measures.map((name) => [name, '10000']))]
  return answerOf(query, rows, { totals: rows[0] ?? {} })
}

/** Refuses payables to everyone, narrows sales to the reader. */
export const permitMost: PermitRead = (actor, query) => {
  if (query.entity === 'payable')
    return { kind: 'refused', entity: 'payable', ask: '재무회계팀', reason: 'not-allowed' }
  return {
    kind: 'permitted',
    query: permitQuery(query, query.entity === 'sales' ? [[['salesperson', 'eq', actor.name]]] : 'all', actor.userId),
  }
}

export type Recorded = Parameters<AnswerDeps['audit']['record']>[0]

/** Everything a use case needs; `audited` is what reached the audit trail. */
export function fakeDeps(more: Partial<AnswerDeps> = {}): AnswerDeps & { audited: Recorded[] } {
  const audited: Recorded[] = []
  return {
    understand: understandBy({ '이번 달 매출': { intent: 'query', query: salesThisMonth } }),
    answerQuery: answerTenThousand,
    permitRead: permitMost,
    catalog: loadCatalog('catalog', 'demo-odata'),
    orders: {
      place: async ({ kind, cron = '' }) => ({ text: `${kind} ${cron}`.trim(), prompts: [], isDone: true }),
      manage: async ({ act }) => ({ text: act, prompts: [], isDone: true }),
    },
    conversations: createMemoryConversationStore(),
    audit: {
      record: async (entry) => {
        audited.push(entry)
      },
    },
    metrics: createChatMetrics(createMetrics()),
    turnstile: createTurnstile(),
    log: createLogger({ level: 'silent', role: 'test' }),
    now: () => new Date('2026-11-23T05:32:00Z'),
    ...more,
    audited,
  }
}

/** A question of 안소미's, as a channel hands it over. */
export const question = (more: Partial<Question> = {}): Question => ({
  actor: somi,
  text: '이번 달 매출',
  ip: '127.0.0.1',
  signal: new AbortController().signal,
  ...more,
})
