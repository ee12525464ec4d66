import { describe, expect, test } from 'vitest'
import { createTestAuthority, hasOpenssl } from '../../../test/support/test-certificates.ts'
import { until } from './email-fixture.ts'
import { openEachTime, start } from './send-email-fixture.ts'

const { email, read, sendOver, stateOf } = openEachTime()

describe.skipIf(!hasOpenssl)('TLS', () => {
  const authority = createTestAuthority()
  const certificate = authority.issue('127.0.0.1')
  const trusted = { ca: authority.ca }
  const required = (url: string) => `${url.replace('127.0.0.1', 'localhost')}?tls=required`
  const forLocalhost = authority.issue('localhost')

  test('is begun with STARTTLS, and the password goes through it', async () => {
    const smtp = await start({}, { ...forLocalhost, authOptional: false })
    await sendOver(required(smtp.url.replace('//', '//bot:right@')), trusted)
    const { emails } = await email().request()
    await stateOf(emails[0], 'sent')
    expect(smtp.received[0]).toMatchObject({ isSecure: true, user: 'bot' })
  })

  test('from the start is what smtps means', async () => {
    const smtp = await start({}, { ...forLocalhost, secure: true })
    await sendOver(smtp.url.replace('smtp:', 'smtps:').replace('127.0.0.1', 'localhost'), trusted)
    const { emails } = await email().request()
    await stateOf(emails[0], 'sent')
    expect(smtp.received[0]).toMatchObject({ isSecure: true })
  })

  test.each([
    ['without STARTTLS', () => ({}), 'MAIL_TLS_UNAVAILABLE'],
    ['with a certificate of another name', () => ({ ...certificate }), 'MAIL_CERTIFICATE_INVALID'],
    [
      'with a certificate of nobody we trust',
      () => ({ ...authority.issue('localhost', { selfSigned: true }) }),
      'MAIL_CERTIFICATE_INVALID',
    ],
    [
      'with a certificate that has expired',
      () => ({ ...authority.issue('localhost', { endsAt: '20210101000000Z' }) }),
      'MAIL_CERTIFICATE_INVALID',
    ],
  ])('%s nothing is sent, neither mail nor password', async (_, options, code) => {
    const smtp = await start({}, { allowInsecureAuth: true, ...options() })
    await sendOver(required(smtp.url.replace('//', '//bot:right@')), trusted)
    const { emails } = await email().request()
    const record = await until(
      () => read(emails[0]),
      ({ error }) => error !== null,
    )
    expect(record).toMatchObject({ state: 'requested', error: code })
    expect(smtp.received).toEqual([])
  })
})
