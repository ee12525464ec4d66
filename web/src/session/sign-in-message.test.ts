import { expect, test } from 'vitest'
import { signInMessage } from './sign-in-message.ts'

test('a known code has its sentence, another shows its code', () => {
  expect(signInMessage('?signInError=SIGN_IN_DENIED', false)).toEqual({
    tone: 'error',
    key: 'signIn.errors.SIGN_IN_DENIED',
  })
  expect(signInMessage('?signInError=SOMETHING_NEW', true)).toEqual({
    tone: 'error',
    key: 'signIn.errors.other',
    code: 'SOMETHING_NEW',
  })
})

test('text that is no code is never shown', () => {
  expect(signInMessage('?signInError=call%20this%20number', false)).toEqual({
    tone: 'error',
    key: 'signIn.errors.other',
  })
  expect(signInMessage('?signInError=other', false)).toEqual({ tone: 'error', key: 'signIn.errors.other' })
  expect(signInMessage('?signInError=toString', false)).toEqual({ tone: 'error', key: 'signIn.errors.other' })
})

test('expired and signed out are notices; a first visit says nothing', () => {
  expect(signInMessage('', true)?.key).toBe('signIn.expired')
  expect(signInMessage('?signedOut=1', false)?.key).toBe('signIn.signedOut')
  expect(signInMessage('', false)).toBeNull()
})
