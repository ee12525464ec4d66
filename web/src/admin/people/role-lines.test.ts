import { expect, test } from 'vitest'
import type { PersonBody } from '../../../../src/auth/people/api.ts'
import { roleLines } from './role-lines.ts'

const decided = { reason: '업무 지원', decidedBy: '우혜림', decidedAt: '2026-11-23T05:00:00Z' }
const person = (change: Partial<PersonBody>) =>
  ({ roles: [], providerRoles: [], decisions: [], ...change }) as unknown as PersonBody
const lineOf = (change: Partial<PersonBody>) => roleLines(person(change), ['sales'])[0]

test('a role of the provider can be withheld, one that nobody gave granted', () => {
  expect(lineOf({ roles: ['sales'], providerRoles: ['sales'] })).toMatchObject({ isInForce: true, next: 'withheld' })
  expect(lineOf({})).toMatchObject({ isInForce: false, isFromProvider: false, next: 'granted' })
})

test('what was decided can be undone, and only that', () => {
  const withheld = { ...decided, role: 'sales', kind: 'withheld', isOver: false } as const
  const line = lineOf({ providerRoles: ['sales'], decisions: [withheld] })
  expect(line).toMatchObject({ isInForce: false, decision: withheld, past: null, next: 'as-provider' })
})

test('what has run out is told, and decided anew', () => {
  const granted = { ...decided, role: 'sales', kind: 'granted', isOver: true } as const
  expect(lineOf({ decisions: [granted] })).toMatchObject({ decision: null, past: granted, next: 'granted' })
})
