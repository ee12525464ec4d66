import { describe, expect, test } from 'vitest'
import type { AppError } from '#platform/errors'
import { permissions, type Role } from './actor.ts'
import { admitActor } from './admit-actor.ts'
import { scopes } from './api-keys/api-key.ts'
import { toRuleSet } from './networks/network-rules.ts'

const granted = {
  sync: ['admin'],
  people: ['admin'],
  'api-keys': ['admin'],
  networks: ['admin'],
  audit: ['auditor'],
  notify: ['admin'],
  training: ['admin'],
}
const office = '10.1.2.3'
const home = '198.51.100.4'

/** What comes of a call: the roles it is served with, or the code it is refused with. */
function admit(
  roles: Role[],
  call: {
    access?: string
    scope?: string
    key?: { scopes: string[]; networks?: string[] }
    from?: string
    rules?: Parameters<typeof toRuleSet>[0]
  } = {},
): string {
  const { access = 'signed-in', scope, key, from = office, rules = [] } = call
  const held = key && { prefix: 'x', networks: [], ...key }
  const caller = { roles, key: held as never, address: from }
  try {
    const rule = { networks: toRuleSet(rules), permissions: granted as never }
    return admitActor(caller, { access, scope }, rule).join(' ')
  } catch (error) {
    return (error as AppError).spec.code
  }
}

describe('keys × routes', () => {
  test.each(scopes)('a key for %s opens what names that scope, and nothing else', (scope) => {
    const key = { scopes: [scope] }
    for (const asked of scopes)
      expect([asked, admit(['employee'], { scope: asked, key })]).toEqual([
        asked,
        asked === scope ? 'employee' : 'API_KEY_SCOPE',
      ])
    expect(admit(['employee'], { key })).toBe('API_KEY_NOT_TAKEN')
    expect(admit(['employee'], { key, scope: 'everything' })).toBe('API_KEY_SCOPE')
  })

  test.each(permissions)('no key opens what needs %s without naming a scope, whatever its roles', (access) => {
    expect(admit(['admin', 'auditor'], { access, key: { scopes: [...scopes] } })).toBe('API_KEY_NOT_TAKEN')
  })

  test('a scope gives nothing that the roles do not', () => {
    const call = { access: 'sync', scope: 'sync', key: { scopes: ['sync'] } }
    expect(admit(['admin'], call)).toBe('admin')
    expect(admit(['employee'], call)).toBe('FORBIDDEN')
    expect(admit([], call)).toBe('FORBIDDEN')
  })

  test('a key is refused from networks that are not its own', () => {
    const key = { scopes: ['ask'], networks: ['10.0.0.0/8', '2001:db8::/32'] }
    expect(admit(['employee'], { scope: 'ask', key })).toBe('employee')
    expect(admit(['employee'], { scope: 'ask', key, from: '::ffff:10.9.9.9' })).toBe('employee')
    expect(admit(['employee'], { scope: 'ask', key, from: '2001:db8::7' })).toBe('employee')
    expect(admit(['employee'], { scope: 'ask', key, from: home })).toBe('NETWORK_NOT_ALLOWED')
  })
})

describe('roles × networks', () => {
  const rules = [
    { subject: 'executive' as const, networks: ['10.0.0.0/8'] },
    { subject: 'admin' as const, networks: ['10.1.0.0/16'] },
  ]

  test('a person keeps the roles that may be used from where they are', () => {
    expect(admit(['employee', 'executive'], { rules })).toBe('employee executive')
    expect(admit(['employee', 'executive'], { rules, from: home })).toBe('employee')
    expect(admit(['executive'], { rules, from: home })).toBe('NETWORK_NOT_ALLOWED')
  })

  test('a permission needs a role that may be used from there', () => {
    const call = { access: 'sync', rules }
    expect(admit(['employee', 'admin'], call)).toBe('employee admin')
    expect(admit(['employee', 'admin'], { ...call, from: '10.2.0.1' })).toBe('NETWORK_NOT_ALLOWED')
    expect(admit(['employee'], { ...call, from: '10.2.0.1' })).toBe('FORBIDDEN')
  })

  test('the administration has a rule of its own, which chatting does not know', () => {
    const closed = [{ subject: 'administration' as const, networks: ['10.0.0.0/8'] }]
    for (const access of permissions) {
      const role = granted[access][0] as Role
      expect(admit([role], { access, rules: closed })).toBe(role)
      expect(admit([role], { access, rules: closed, from: home })).toBe('NETWORK_NOT_ALLOWED')
    }
    expect(admit(['admin'], { rules: closed, from: home })).toBe('admin')
  })

  test('rules hold for keys too', () => {
    const key = { scopes: ['ask'] }
    expect(admit(['executive'], { rules, scope: 'ask', key, from: home })).toBe('NETWORK_NOT_ALLOWED')
    expect(admit(['employee', 'executive'], { rules, scope: 'ask', key, from: home })).toBe('employee')
  })

  test('an access that is no permission is nobody’s', () => {
    expect(admit(['admin', 'executive'], { access: 'everything' })).toBe('FORBIDDEN')
    expect(admit(['admin', 'executive'], { access: 'constructor' })).toBe('FORBIDDEN')
  })
})
