import { expect, test } from 'vitest'
import { type RequiredStrength, requireStrength } from './require-strength.ts'

const isRefused = (claims: Record<string, unknown>, required: RequiredStrength) => {
  try {
    requireStrength(claims, required)
    return false
  } catch (error) {
    expect(error).toMatchObject({ spec: { code: 'SIGN_IN_TOO_WEAK' } })
    return true
  }
}

test('asks nothing unless told', () => {
  expect(isRefused({}, {})).toBe(false)
})

test.each([
  [{ acr: 'silver' }, false],
  [{ acr: 'gold' }, false],
  [{ acr: 'bronze' }, true],
  [{ acr: ['gold'] }, true],
  [{}, true],
])('one of the contexts: %j', (claims, refused) => {
  expect(isRefused(claims, { requiredAcr: ['gold', 'silver'] })).toBe(refused)
})

test.each([
  [{ amr: ['pwd', 'otp', 'mfa'] }, false],
  [{ amr: ['otp'] }, true],
  [{ amr: 'mfa otp' }, true],
  [{}, true],
])('all of the methods: %j', (claims, refused) => {
  expect(isRefused(claims, { requiredAmr: ['mfa', 'otp'] })).toBe(refused)
})
