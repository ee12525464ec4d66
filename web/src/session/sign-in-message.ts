import type { SignInErrorCode } from '../../../src/auth/api.ts'
import { ko } from '../i18n/ko.ts'

/** A sentence for every code the server may send: a missing one is a type error. */
const sentences: Record<SignInErrorCode | 'other', string> = ko.signIn.errors
export type SignInMessage = {
  tone: 'notice' | 'error'
  key: 'signIn.expired' | 'signIn.signedOut' | 'signIn.errors.other' | `signIn.errors.${SignInErrorCode}`
  /** Shown for the administrator when we have no sentence of our own. */
  code?: string
}

const codeShape = /^[A-Z][A-Z0-9_]{0,63}$/

function isKnown(code: string): code is SignInErrorCode {
  return code !== 'other' && Object.hasOwn(sentences, code)
}

/** What the sign-in page says above its button, from the address it was opened with. Text from the address is never shown unless it is a code. */
export function signInMessage(search: string, expired: boolean): SignInMessage | null {
  const params = new URLSearchParams(search)
  const code = params.get('signInError')
  if (code !== null) {
    if (isKnown(code)) return { tone: 'error', key: `signIn.errors.${code}` }
    return codeShape.test(code)
      ? { tone: 'error', key: 'signIn.errors.other', code }
      : { tone: 'error', key: 'signIn.errors.other' }
  }
  if (expired) return { tone: 'notice', key: 'signIn.expired' }
  return params.has('signedOut') ? { tone: 'notice', key: 'signIn.signedOut' } : null
}
