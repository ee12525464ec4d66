import { expect, test } from 'vitest'
import { readFailure, readReply } from './smtp-replies.ts'

const thrown = (fields: object, message = 'failed') => Object.assign(new Error(message), fields)

test.each([
  [{ code: 'EAUTH', responseCode: 535, response: '535 5.7.8 no' }, 'operator', 'MAIL_SIGN_IN_REFUSED', '535 5.7.8'],
  [
    { code: 'EAUTH', responseCode: 454, response: '454 4.7.0 later' },
    'transient',
    'MAIL_SIGN_IN_DEFERRED',
    '454 4.7.0',
  ],
  [{ code: 'EENVELOPE', responseCode: 530, response: '530 sign in first' }, 'operator', 'MAIL_SIGN_IN_REFUSED', '530'],
  [
    { code: 'EENVELOPE', responseCode: 550, response: '550 5.1.1 <kim@example.com> unknown' },
    'permanent',
    'MAIL_REFUSED',
    '550 5.1.1',
  ],
  [{ code: 'EMESSAGE', responseCode: 554, response: '554 certificate of spam' }, 'permanent', 'MAIL_REFUSED', '554'],
  [
    { code: 'EENVELOPE', responseCode: 451, response: '451 4.7.1 greylisted' },
    'transient',
    'MAIL_DEFERRED',
    '451 4.7.1',
  ],
  [{ code: 'ETLS' }, 'operator', 'MAIL_TLS_UNAVAILABLE', undefined],
  [{ code: 'ESOCKET' }, 'transient', 'MAIL_SERVER_UNREACHABLE', undefined],
  [{ code: 'ETIMEDOUT' }, 'transient', 'MAIL_SERVER_TIMEOUT', undefined],
  [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'operator', 'MAIL_CERTIFICATE_INVALID', undefined],
])('%j is %s: %s', (fields, kind, code, reply) => {
  expect(readFailure(thrown(fields))).toMatchObject({ kind, code, reply })
})

test('of a reply only code and status are kept', () => {
  expect(readReply({ response: '250 2.0.0 Ok: queued as ABC' })).toBe('250 2.0.0')
  expect(readReply({ response: 'nonsense <kim@example.com>', responseCode: 550 })).toBe('550')
})
