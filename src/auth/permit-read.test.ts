import { describe, expect, test } from 'vitest'
import { type BusinessQuery, loadCatalog, type RowFilter } from '#catalog'
import { AppError } from '#platform/errors'
import { loadAccessRules } from './access-rules.ts'
import type { Actor, Role } from './actor.ts'
import { createPermitRead } from './permit-read.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const permitRead = createPermitRead(loadAccessRules('access/roles.yaml', catalog), catalog)
const today = '2026-11-23'

const actor = (roles: Role[], change: Partial<Actor> = {}): Actor => ({
  userId: 'u1',
  name: '김민수',
  department: '국내영업팀',
  email: 'minsu@example.com',
  roles,
  language: 'ko',
  ...change,
})

function rowsOf(reader: Actor, query: Partial<BusinessQuery> & { entity: string }): RowFilter | 'refused' {
  const decision = permitRead(reader, { measures: ['count'], ...query }, today)
  return decision.kind === 'permitted' ? decision.query.rows : 'refused'
}

const me = (field: string): RowFilter => [[[field, 'eq', '김민수']]]
const myTeam: RowFilter = [[['department', 'eq', '국내영업팀']]]
const requestedOrApproved: RowFilter = [[['requester', 'eq', '김민수']], [['approver', 'eq', '김민수']]]

/** The policy: what each role alone sees of each entity. Whatever is not here is refused. */
const policy: Record<Role, Record<string, RowFilter>> = {
  employee: {
    leave: me('employee'),
    expense: me('employee'),
    approval: requestedOrApproved,
    purchaseOrder: me('buyer'),
    budget: myTeam,
    employee: 'all',
    item: 'all',
    stock: 'all',
    customer: 'all',
    vendor: 'all',
    productionOrder: 'all',
  },
  sales: {
    sales: me('salesperson'),
    salesOrder: me('salesperson'),
    receivable: me('salesperson'),
    customer: 'all',
    item: 'all',
    stock: 'all',
  },
  finance: {
    sales: 'all',
    receivable: 'all',
    payable: 'all',
    expense: 'all',
    budget: 'all',
    purchaseOrder: 'all',
    customer: 'all',
    vendor: 'all',
  },
  executive: Object.fromEntries(Object.keys(catalog.entities).map((name) => [name, 'all'])),
  admin: {},
  auditor: {},
}
policy.admin = policy.employee
policy.auditor = policy.employee

describe('the policy table', () => {
  const cases = Object.entries(policy).flatMap(([role, rules]) =>
    Object.keys(catalog.entities).map((entity) => [role as Role, entity, rules[entity] ?? 'refused'] as const),
  )
  test.each(cases)('%s reads %s', (role, entity, expected) => {
    expect(rowsOf(actor([role]), { entity })).toEqual(expected)
  })
})

test('of several roles the widest wins, and two filters are alternatives', () => {
  expect(rowsOf(actor(['employee', 'finance']), { entity: 'expense' })).toBe('all')
  const rules = loadAccessRules('access/roles.yaml', catalog)
  rules.roles.sales = { expense: 'department' }
  const decision = createPermitRead(rules, catalog)(
    actor(['employee', 'sales']),
    { entity: 'expense', measures: ['amount'] },
    today,
  )
  expect(decision).toMatchObject({
    query: { rows: [[['employee', 'eq', '김민수']], [['department', 'eq', '국내영업팀']]] },
  })
})

test('a person without a role, or with one we do not know, sees nothing', () => {
  expect(rowsOf(actor([]), { entity: 'item' })).toBe('refused')
  expect(rowsOf(actor(['__proto__' as Role]), { entity: 'item' })).toBe('refused')
})

test.each(['', ' ', 'employee', 'department', 'remaining', '@me', '@today', '김민수 '])(
  'a reader called %j cannot widen “own” to other rows',
  (name) => {
    expect(rowsOf(actor(['employee'], { name }), { entity: 'leave' })).toBe('refused')
  },
)

test('a department spelt like a field gives nothing', () => {
  expect(rowsOf(actor(['employee'], { department: 'department' }), { entity: 'budget' })).toBe('refused')
  expect(rowsOf(actor(['employee'], { department: '' }), { entity: 'budget' })).toBe('refused')
})

test('a refusal names whom to ask', () => {
  expect(permitRead(actor(['employee']), { entity: 'payable', measures: ['balance'] }, today)).toEqual({
    kind: 'refused',
    entity: 'payable',
    ask: '재무회계팀',
    reason: 'not-allowed',
  })
})

describe('the words in a query', () => {
  const whereOf = (reader: Actor, query: BusinessQuery) => {
    const decision = permitRead(reader, query, today)
    return decision.kind === 'permitted' ? decision.query.query.where : decision.reason
  }

  test('are replaced wherever they stand, and stay conditions beside the rows', () => {
    const query: BusinessQuery = {
      entity: 'purchaseOrder',
      measures: [],
      where: [
        ['buyer', 'eq', '@me'],
        ['dueDate', 'lt', '@today'],
        ['buyer', 'in', ['@me', '류가은']],
        ['status', 'eq', 'open'],
      ],
    }
    expect(whereOf(actor(['employee']), query)).toEqual([
      ['buyer', 'eq', '김민수'],
      ['dueDate', 'lt', today],
      ['buyer', 'in', ['김민수', '류가은']],
      ['status', 'eq', 'open'],
    ])
    expect(query.where?.[0]).toEqual(['buyer', 'eq', '@me'])
    expect(rowsOf(actor(['employee']), query)).toEqual(me('buyer'))
  })

  test('my department', () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount'],
      where: [['department', 'eq', '@myDepartment']],
    }
    expect(whereOf(actor(['executive']), query)).toEqual([['department', 'eq', '국내영업팀']])
    expect(whereOf(actor(['executive'], { department: '' }), query)).toBe('department-unknown')
  })

  test('“mine” of what is nobody’s is refused, not guessed', () => {
    expect(
      whereOf(actor(['employee']), { entity: 'stock', measures: ['quantity'], where: [['item', 'eq', '@me']] }),
    ).toBe('me-unknown')
    expect(
      whereOf(actor(['executive'], { name: 'buyer' }), {
        entity: 'purchaseOrder',
        measures: [],
        where: [['buyer', 'eq', '@me']],
      }),
    ).toBe('me-unknown')
  })

  test('a value that only starts with @ is text', () => {
    const query: BusinessQuery = { entity: 'employee', measures: [], where: [['email', 'contains', '@hanbit']] }
    expect(whereOf(actor(['employee']), query)).toEqual(query.where)
  })
})

describe('a query that names what is not there', () => {
  const wrong: [string, BusinessQuery, string][] = [
    ['an entity', { entity: 'salary', measures: [] }, 'entity'],
    ['an entity of every object', { entity: 'constructor', measures: [] }, 'entity'],
    ['a measure', { entity: 'sales', measures: ['cost'] }, 'measures.0'],
    ['a dimension as a measure', { entity: 'sales', measures: ['customer'] }, 'measures.0'],
    ['an average of a count', { entity: 'sales', measures: ['avg:count'] }, 'measures.0'],
    ['a dimension', { entity: 'sales', measures: [], groupBy: ['warehouse'] }, 'groupBy.0'],
    ['a grain of what is no date', { entity: 'sales', measures: [], groupBy: ['customer:month'] }, 'groupBy.0'],
    ['a condition', { entity: 'sales', measures: [], where: [['toString', 'eq', 'x']] }, 'where.0'],
    ['an order', { entity: 'sales', measures: [], orderBy: [['password', 'asc']] }, 'orderBy.0'],
    ['a column', { entity: 'sales', measures: [], select: ['salary'] }, 'select.0'],
    ['a period', { entity: 'sales', measures: [], period: { field: 'customer', from: today } }, 'period.field'],
  ]
  test.each(wrong)('%s: refused with its place', (_, query, field) => {
    const error = (() => {
      try {
        return permitRead(actor(['executive']), query, today)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ spec: { code: 'QUERY_INVALID' }, details: [{ field }] })
  })

  test('what does exist passes', () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount', 'count', 'avg:amount', 'share:amount', 'marginRate'],
      groupBy: ['customer', 'date:month'],
      where: [['amount', 'gt', 100]],
      period: { field: 'date', from: '2026-01-01', to: today },
      orderBy: [
        ['amount', 'desc'],
        ['date:month', 'asc'],
      ],
    }
    expect(rowsOf(actor(['executive']), query)).toBe('all')
    expect(rowsOf(actor(['executive']), { entity: 'item', measures: ['max:unitPrice'] })).toBe('all')
  })
})
