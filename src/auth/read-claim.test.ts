import { expect, test } from 'vitest'
import { readClaim } from './read-claim.ts'

const claims = {
  groups: ['sales'],
  realm_access: { roles: ['employee', 'offline_access'] },
  resource_access: { chatbot: { roles: ['finance'] } },
  'https://example.com/roles': ['admin'],
  name: '김민수',
}

test.each([
  ['groups', ['sales']],
  ['realm_access.roles', ['employee', 'offline_access']],
  ['resource_access.chatbot.roles', ['finance']],
  ['https://example.com/roles', ['admin']],
  ['name', '김민수'],
])('reads %s', (path, value) => {
  expect(readClaim(claims, path)).toEqual(value)
})

test.each(['none', 'realm_access.none', 'name.length', 'groups.0.x', 'constructor', '__proto__.toString', ''])(
  'finds nothing at %o',
  (path) => {
    expect(readClaim(claims, path)).toBeUndefined()
  },
)
