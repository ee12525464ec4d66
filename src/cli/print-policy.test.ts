import { expect, test } from 'vitest'
import { printPolicy } from './print-policy.ts'

const all = { kind: 'all', ko: '모두', en: 'All' } as const
const none = { kind: 'none', ko: '볼 수 없음', en: 'None' } as const

test('a line for each entity with a column for each chosen role, and what each manages', () => {
  const rules = { employee: none, sales: all, finance: all, executive: all, admin: none, auditor: none }
  const policy = {
    entities: [{ entity: 'sales', label: { ko: '매출', en: 'Sales' }, owner: '', rules }],
    permissions: [
      { permission: 'sync' as const, roles: ['admin' as const] },
      { permission: 'people' as const, roles: ['admin' as const] },
    ],
    groups: [],
  }
  expect(printPolicy(policy, ['sales', 'admin'], 'en').split('\n')).toEqual([
    '           sales  admin',
    'Sales      All    None',
    '(manages)  -      sync people',
  ])
  expect(printPolicy(policy, ['admin'], 'ko')).toContain('매출    볼 수 없음')
})
