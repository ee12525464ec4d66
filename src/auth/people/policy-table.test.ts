import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { type AccessRules, loadAccessRules } from '../access-rules.ts'
import { type Role, roles } from '../actor.ts'
import { describePolicy, describeSight, permissionsOf } from './policy-table.ts'

const root = join(import.meta.dirname, '../../..')
const catalog = loadCatalog(join(root, 'catalog'), 'demo-odata')
const rules = loadAccessRules(join(root, 'access/roles.yaml'), catalog)

const reader = (held: Role[], department = '국내영업팀') => ({
  ...{ userId: 'id', name: '김민수', department, email: '', roles: held },
})
const sightOf = (held: Role[], entity: string, from: { rules: AccessRules; department?: string } = { rules }) =>
  describeSight({ rules: from.rules, catalog }, reader(held, from.department)).find((one) => one.entity === entity)

// The policy as the company agreed on it. A change of access/roles.yaml changes this table, and whoever reviews one reviews the other.
const policy: Record<string, Partial<Record<Role, string>>> = {
  approval: { employee: '본인 것 (기안자 또는 결재자)' },
  budget: { employee: '본인 부서 것', finance: '모두' },
  customer: { employee: '모두', sales: '모두', finance: '모두' },
  employee: { employee: '모두' },
  expense: { employee: '본인 것 (직원)', finance: '모두' },
  item: { employee: '모두', sales: '모두' },
  leave: { employee: '본인 것 (직원)' },
  payable: { finance: '모두' },
  productionOrder: { employee: '모두' },
  purchaseOrder: { employee: '본인 것 (구매담당자)', finance: '모두' },
  receivable: { sales: '본인 것 (담당자)', finance: '모두' },
  sales: { sales: '본인 것 (담당자)', finance: '모두' },
  salesOrder: { sales: '본인 것 (담당자)' },
  stock: { employee: '모두', sales: '모두' },
  vendor: { employee: '모두', finance: '모두' },
}

test('each role sees of each entity what was agreed, and nothing else', () => {
  const agreed = Object.entries(policy).map(([entity, said]) => {
    const employee = said.employee ?? '볼 수 없음'
    const line = {
      employee,
      sales: '볼 수 없음',
      finance: '볼 수 없음',
      executive: '모두',
      admin: employee,
      auditor: employee,
    }
    return [entity, { ...line, ...said }]
  })
  const found = describePolicy(rules, catalog).entities.map(({ entity, rules: said }) => [
    entity,
    Object.fromEntries(roles.map((role) => [role, said[role].ko])),
  ])
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(agreed))
})

test('what may be managed is given to those roles only', () => {
  expect(permissionsOf(rules, ['employee', 'sales', 'finance', 'executive'])).toEqual([])
  expect(permissionsOf(rules, ['admin'])).toEqual(['sync', 'people', 'api-keys', 'networks', 'notify', 'training'])
  expect(permissionsOf(rules, ['auditor'])).toEqual(['audit'])
})

test('of several roles the widest counts, and it is told which gives it', () => {
  expect(sightOf(['employee', 'sales'], 'sales')).toMatchObject({ rule: { kind: 'some' }, through: ['sales'] })
  expect(sightOf(['sales', 'finance'], 'sales')).toMatchObject({ rule: { kind: 'all' }, through: ['finance'] })
  expect(sightOf(['employee'], 'sales')).toMatchObject({ rule: { kind: 'none' }, through: [] })
  expect(sightOf([], 'stock')).toMatchObject({ rule: { kind: 'none' } })
})

test('rules that differ are told together', () => {
  const mixed = {
    ...rules,
    roles: { ...rules.roles, sales: { budget: 'department', leave: 'department' } },
  } as AccessRules
  expect(sightOf(['employee', 'sales'], 'leave', { rules: mixed })?.rule).toEqual({
    kind: 'some',
    ko: '본인 것 (직원) · 본인 부서 것',
    en: 'Their own (employee) · Their department’s',
  })
})

test('who has no department sees nothing of what is shown by department', () => {
  expect(sightOf(['employee'], 'budget')?.rule.kind).toBe('some')
  expect(sightOf(['employee'], 'budget', { rules, department: '' })?.rule.kind).toBe('none')
})
