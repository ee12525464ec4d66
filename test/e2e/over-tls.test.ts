import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPassword } from '../../demo/accounts.ts'
import { findFreePort } from '../../demo/postgres/free-port.ts'
import { signInWithPassword } from '../../src/cli/sign-in.ts'
import { createPerson, openOffice, type TestOffice } from '../support/office.ts'
import { createTestAuthority, hasOpenssl } from '../support/test-certificates.ts'

const known = tls.getCACertificates('default')

describe.skipIf(!hasOpenssl)('the product over TLS, one process a role', () => {
  let folder: string
  let authority: ReturnType<typeof createTestAuthority>
  let office: TestOffice
  let url: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-over-tls-'))
    authority = createTestAuthority()
    tls.setDefaultCACertificates([...known, authority.ca])
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text, { mode: 0o600 })
      return join(folder, name)
    }
    const [http, nlu] = [authority.issue('localhost'), authority.issue('localhost')]
    const port = await findFreePort()
    url = `https://localhost:${port}`
    office = await openOffice('three', {
      port,
      given: {
        ...{ HOST: '0.0.0.0', PUBLIC_URL: url },
        ...{ TLS_CERT_FILE: file('http.crt', http.cert), TLS_KEY_FILE: file('http.key', http.key) },
        ...{ NLU_TLS_CERT_FILE: file('nlu.crt', nlu.cert), NLU_TLS_KEY_FILE: file('nlu.key', nlu.key) },
        NLU_TLS_CA_FILE: file('ca.crt', authority.ca),
      },
    })
  })
  afterAll(async () => {
    await office?.close()
    tls.setDefaultCACertificates(known)
    authority?.close()
    rmSync(folder, { recursive: true })
  })

  test('signs people in with cookies that no neighbour can set, and answers them', async () => {
    const { accessToken, cookies } = await signInWithPassword({
      serviceUrl: url,
      login: 'minsu',
      password: demoPassword,
    })
    expect(cookies).toMatch(/(^|; )__Host-access=/)
    const { turn } = await createPerson(url, accessToken).ask('이번 달 매출 얼마야?')
    expect(turn.answer.kind).toBe('answered')
  })

  test('sets only guarded cookies, and puts no token into an address', async () => {
    const reply = await fetch(`${url}/auth/login?returnTo=/`, { redirect: 'manual' })
    for (const cookie of reply.headers.getSetCookie()) {
      expect(cookie).toMatch(/^__(Host|Secure)-/)
      expect(cookie).toMatch(/; HttpOnly/)
      expect(cookie).toMatch(/; Secure/)
      expect(cookie).toMatch(/; SameSite=(Lax|Strict)/)
    }
    expect(reply.headers.getSetCookie()).toHaveLength(1)
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>
    }
    const inAddress = Object.values(document.paths)
      .flatMap((path) => Object.values(path).flatMap(({ parameters = [] }) => parameters))
      .filter((parameter) => parameter.in !== 'header')
      .map(({ name }) => name)
    expect(inAddress.length).toBeGreaterThan(0)
    expect(inAddress.filter((name) => /token|secret|password|api.?key|credential/i.test(name))).toEqual([])
  })
})
