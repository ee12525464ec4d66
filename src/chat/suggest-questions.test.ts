import { expect, test } from 'vitest'
import type { Role } from '#auth'
import { loadCatalog } from '#catalog'
import { loadAccessRules } from '../auth/access-rules.ts'
import { createPermitRead } from '../auth/permit-read.ts'
import { somi } from './chat-fixture.ts'
import { suggestionCount, suggestQuestions } from './suggest-questions.ts'
import { suggestedQuestions } from './suggested-questions.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const permitRead = createPermitRead(loadAccessRules('access/roles.yaml', catalog), catalog)
const today = '2026-11-23'

const suggestTo = (roles: Role[], language: 'ko' | 'en' = 'ko') =>
  suggestQuestions({ permitRead }, { actor: { ...somi, roles }, today, language }).map(({ text }) => text)

test.each<Role[][]>([
  [['employee']],
  [['employee', 'sales']],
  [['employee', 'finance']],
  [['employee', 'executive']],
  [['employee', 'admin']],
])('six for %j, each of which they may ask', (roles) => {
  const texts = suggestTo(roles)
  expect(new Set(texts).size).toBe(suggestionCount)
  for (const text of texts) {
    const suggested = suggestedQuestions.find(({ ko }) => ko === text)
    expect(permitRead({ ...somi, roles }, suggested!.query, today).kind).toBe('permitted')
  }
})

test('a role’s own come first, in either language', () => {
  expect(suggestTo(['employee', 'sales'])[0]).toBe('이번 달 매출 얼마야?')
  expect(suggestTo(['employee'])[0]).toBe('내 연차 며칠 남았어?')
  expect(suggestTo(['employee', 'finance'], 'en')).toContain('Payables by vendor')
})

test('who may see nothing is offered nothing', () => {
  expect(suggestTo([])).toEqual([])
})
