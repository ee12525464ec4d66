import { describe, expect, test } from 'vitest'
import type { IdentityMap } from './access-rules.ts'
import { readProfile } from './profile.ts'

const identity: IdentityMap = {
  scopes: ['openid'],
  claims: { name: 'displayName', department: 'dept', email: 'email', groups: 'roles' },
  groups: { 'erp-users': ['employee'], 'erp-sales': ['sales', 'employee'], leads: ['executive'] },
}
const base = { iss: 'https://idp.example', sub: '42', displayName: '김민수' }

describe('a profile', () => {
  test('is read from the claims that the map names', () => {
    const claims = {
      ...base,
      dept: '국내영업팀',
      email: 'minsu@example.com',
      roles: ['erp-sales', 'printers'],
      locale: 'en-US',
    }
    expect(readProfile(claims, identity)).toEqual({
      issuer: 'https://idp.example',
      subject: '42',
      name: '김민수',
      department: '국내영업팀',
      email: 'minsu@example.com',
      roles: ['employee', 'sales'],
      language: 'en',
    })
  })

  test('without groups, or with unknown ones, has no role', () => {
    expect(readProfile(base, identity).roles).toEqual([])
    expect(readProfile({ ...base, roles: ['admin', '__proto__', 'constructor'] }, identity).roles).toEqual([])
  })

  test('takes one group that is not in a list', () => {
    expect(readProfile({ ...base, roles: 'leads' }, identity).roles).toEqual(['executive'])
  })

  test('spells a name as the ERP does, however the provider composes its letters', () => {
    expect(readProfile({ ...base, displayName: ` ${'김민수'.normalize('NFD')} ` }, identity).name).toBe('김민수')
  })

  test('with a department of null has none, and with an unknown language no choice', () => {
    expect(readProfile({ ...base, dept: null, locale: 'fr' }, identity)).toMatchObject({
      department: '',
      language: null,
    })
  })
})

test.each([
  ['no name', { displayName: undefined }],
  ['a blank name', { displayName: '  ' }],
  ['a name that is no text', { displayName: ['김민수'] }],
  ['an endless name', { displayName: 'a'.repeat(201) }],
  ['no subject', { sub: '' }],
  ['groups that are no texts', { roles: [{ name: 'leads' }] }],
])('%s is refused', (_, change) => {
  expect(() => readProfile({ ...base, ...change }, identity)).toThrow()
})
