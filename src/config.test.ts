import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig, readKeyConfig } from './config.ts'
import { erpVariable } from './config-erp.ts'

const complete = {
  DATABASE_URL: 'postgres://app:secret@127.0.0.1:5432/app',
  KEY_FILE: '/tmp/key',
  OIDC_ISSUER: 'http://127.0.0.1:4000',
  OIDC_CLIENT_ID: 'erp-chatbot',
  OIDC_CLIENT_SECRET: 'secret',
  ERP_URLS: 'http://127.0.0.1:5001,http://127.0.0.1:5002',
  ERP_CLIENT_ID: 'erp-chatbot',
  ERP_CLIENT_SECRET: 'secret',
  ERP_API_KEY: 'key',
}

const problemsOf = (changes: Record<string, string>) => {
  try {
    readConfig({ ...complete, ...changes })
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error('accepted')
}

test('a complete environment is accepted, with all roles by default', () => {
  const config = readConfig(complete)
  expect(config.roles).toEqual(['http', 'nlu', 'worker'])
  expect(config.erp.urls).toHaveLength(2)
  expect(config.erp).toMatchObject({ apiKey: 'key', apiSecret: undefined })
})

const tls = { TLS_CERT_FILE: '/c', TLS_KEY_FILE: '/k' }
const nluTls = { NLU_TLS_CERT_FILE: '/c', NLU_TLS_KEY_FILE: '/k', NLU_TLS_CA_FILE: '/a' }

test('off loopback everything is accepted over TLS, and only so', () => {
  const far = {
    ...{ HOST: '0.0.0.0', PUBLIC_URL: 'https://chat.example.com', ...tls },
    ...{ NLU_LISTEN: '0.0.0.0:50051', NLU_ADDRESSES: 'nlu:50051', ...nluTls },
    DATABASE_URL: 'postgres://a:b@db.example.com/app?sslmode=verify-full&sslrootcert=/ca.pem',
    CHANGES_URL: 'postgres://a:b@erp.example.com/app?sslmode=verify-full',
    ...{ KMS_KEY_ID: 'alias/x', KMS_REGION: 'ap-northeast-2', KMS_ENDPOINT: 'https://kms.example.com', KEY_FILE: '' },
  }
  expect(readConfig({ ...complete, ...far })).toMatchObject({
    http: { host: '0.0.0.0', tls: { certFile: '/c', keyFile: '/k' } },
    nlu: { addresses: ['nlu:50051'], tls: { caFile: '/a' } },
    keyFile: undefined,
    kms: { keyId: 'alias/x', region: 'ap-northeast-2' },
    signingKeyDays: 90,
    signingKeyBits: 2048,
  })
  // A socket of this machine, and a proxy on it that ends TLS.
  const near = { DATABASE_URL: 'postgres://a:b@%2Fvar%2Frun%2Fpostgresql/app', PUBLIC_URL: 'https://chat.example.com' }
  expect(readConfig({ ...complete, ...near }).http.tls).toBeUndefined()
})

test('secrets are read from files, without their last line break and without being quoted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-secrets-'))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const { DATABASE_URL, OIDC_CLIENT_SECRET: _, ...rest } = complete
  const files = {
    DATABASE_URL_FILE: file('url', `${DATABASE_URL}\n`),
    OIDC_CLIENT_SECRET_FILE: file('secret', ' s p a c e \r\n'),
  }
  expect(readConfig({ ...rest, ...files })).toMatchObject({
    database: { url: DATABASE_URL },
    oidc: { clientSecret: ' s p a c e ' },
  })
  expect(readKeyConfig({ DATABASE_URL_FILE: files.DATABASE_URL_FILE, KEY_FILE: 'k' }).database.url).toBe(DATABASE_URL)
  const bad = problemsOf({
    DATABASE_URL: '',
    DATABASE_URL_FILE: file('bad', 'hunter2'),
    CHANGES_SECRET_FILE: file('empty', '\n'),
  })
  expect(bad).toMatch(
    /DATABASE_URL: [\s\S]*CHANGES_SECRET_FILE: \S+ is empty|CHANGES_SECRET_FILE: \S+ is empty[\s\S]*DATABASE_URL: /,
  )
  expect(bad).not.toContain('hunter2')
  rmSync(folder, { recursive: true })
})

test('the commands for keys take no open link either', () => {
  const read = () => readKeyConfig({ DATABASE_URL: 'postgres://a:b@db.example.com/app', KEY_FILE: 'k' })
  expect(read).toThrow(/DATABASE_URL: db.example.com must be reached over TLS/)
})

test('every problem is reported at once', () => {
  const message = problemsOf({ DATABASE_URL: 'mysql://x', PORT: '70000', ERP_URLS: '' })
  expect(message).toMatch(/DATABASE_URL/)
  expect(message).toMatch(/PORT/)
  expect(message).toMatch(/ERP_URLS/)
})

test.each([
  [{ HOST: '0.0.0.0' }, /HOST: plain HTTP .* set TLS_CERT_FILE and TLS_KEY_FILE/],
  [{ HOST: '0.0.0.0', ...tls }, /PUBLIC_URL: needed when HOST is 0.0.0.0/],
  [{ TLS_CERT_FILE: '/c' }, /TLS_CERT_FILE, TLS_KEY_FILE: each needs the other/],
  [{ ...tls, PUBLIC_URL: 'http://127.0.0.1' }, /PUBLIC_URL: must begin with https, because/],
  [{ PUBLIC_URL: 'http://chat.example.com' }, /PUBLIC_URL: must begin with https off loopback/],
  [{ NLU_LISTEN: '0.0.0.0:50051' }, /NLU_LISTEN: plain gRPC .* set NLU_TLS_CERT_FILE, NLU_TLS_KEY_FILE and NLU_TLS_CA/],
  [{ NLU_ADDRESSES: '127.0.0.1:1,nlu:50051' }, /NLU_ADDRESSES: plain gRPC .* for nlu:50051/],
  [{ NLU_TLS_CERT_FILE: '/c' }, /NLU_TLS_CA_FILE: each needs the others/],
  [
    { METRICS_LISTEN: '0.0.0.0:9465' },
    /METRICS_LISTEN: plain HTTP .* for 0.0.0.0:9465 set TLS_CERT_FILE and TLS_KEY_FILE/,
  ],
  [nluTls, /NLU_ADDRESSES: needed with NLU_TLS_CERT_FILE/],
  [{ DATABASE_URL: 'postgres://a:b@db.example.com/app' }, /DATABASE_URL: db.example.com .* add sslmode=verify-full/],
  [{ DATABASE_URL: 'postgres://a:b@db.example.com/app?sslmode=require' }, /DATABASE_URL: .* add sslmode=verify-full/],
  [
    { DATABASE_URL: 'postgres://a:b@db.example.com/app?sslmode=verify-full&sslmode=disable' },
    /DATABASE_URL: .* add sslmode=verify-full/,
  ],
  [
    { DATABASE_URL: 'postgres://a:b@127.0.0.1/app?host=db.example.com' },
    /DATABASE_URL: db.example.com must be reached over TLS/,
  ],
  [
    { DATABASE_URL: 'postgres://a:b@db.example.com/app?sslmode=verify-full&uselibpqcompat=true' },
    /DATABASE_URL: uselibpqcompat must not/,
  ],
  [{ CHANGES_URL: 'postgres://a:b@erp.example.com/erp' }, /CHANGES_URL: erp.example.com must be reached over TLS/],
  [{ KEY_FILE: '' }, /KEY_FILE, KMS_KEY_ID: one of them/],
  [{ KMS_KEY_ID: 'alias/x' }, /KMS_REGION: needed/],
  [
    { KMS_KEY_ID: 'alias/x', KMS_REGION: 'ap-northeast-2', KMS_ENDPOINT: 'http://kms.example.com' },
    /KMS_ENDPOINT: kms.example.com must be reached over https/,
  ],
  [
    { ERP_API_KEY_FILE: '/nowhere' },
    /ERP_API_KEY, ERP_API_KEY_FILE: only one[\s\S]*ERP_API_KEY_FILE: \/nowhere cannot be read/,
  ],
  [{ ERP_URLS: 'http://erp.example.com' }, /erp.example.com must be reached over https/],
  [{ OIDC_ISSUER: 'http://id.example.com' }, /id.example.com must be reached over https/],
  [{ OIDC_REQUIRED_ACR: 'gold,,silver' }, /OIDC_REQUIRED_ACR/],
  [{ OIDC_REQUIRED_AMR: 'mfa pwd' }, /OIDC_REQUIRED_AMR/],
  [{ SESSION_IDLE_HOURS: '0' }, /SESSION_IDLE_HOURS/],
  [{ SIGNING_KEY_BITS: '1024' }, /SIGNING_KEY_BITS/],
  [{ REDIS_URL: 'redis://redis.example.com:6379' }, /REDIS_URL: redis.example.com:6379 must be reached over rediss/],
  [{ REDIS_URL: 'http://127.0.0.1' }, /REDIS_URL/],
  [{ QUEUE_URL: 'amqp://127.evil.example' }, /QUEUE_URL: 127.evil.example must be reached over amqps/],
  [{ ROLES: 'http' }, /NLU_ADDRESSES: needed/],
  [{ ROLES: 'http,web' }, /ROLES/],
  [{ ERP_TOKEN_PATH: 'token' }, /ERP_TOKEN_PATH: must begin/],
  [{ ERP_CLIENT_CERT_FILE: '/etc/erp.pem' }, /ERP_CLIENT_KEY_FILE: each needs the other/],
  [{ ERP_CONCURRENCY: '0' }, /ERP_CONCURRENCY/],
  [{ FCM_ENDPOINT: 'http://fcm.example.com' }, /FCM_ENDPOINT: fcm.example.com must be reached over https/],
  [{ FCM_WEB_API_KEY: 'key' }, /FCM_WEB_APP_ID: needed with FCM_WEB_API_KEY[\s\S]*FCM_CREDENTIALS_FILE: needed/],
  [{ FCM_WEB_VAPID_KEY: 'a b' }, /FCM_WEB_VAPID_KEY: must be copied/],
  [{ ERP_TOKEN_URL: 'http://login.example.com/token' }, /ERP_TOKEN_URL: login.example.com must be reached over https/],
  [{ ERP_SERVICE_PATH: '/api' }, /ERP_SERVICE_PATH: must begin and end with/],
  [{ ERP_SAP_CLIENT: '1' }, /ERP_SAP_CLIENT: must be three digits/],
])('refuses %o', (changes, expected) => {
  expect(problemsOf(changes as Record<string, string>)).toMatch(expected)
})

test('a setting of the ERP has its variable', () => {
  expect(['apiKey', 'refreshToken', 'clientId'].map(erpVariable)).toEqual([
    'ERP_API_KEY',
    'ERP_REFRESH_TOKEN',
    'ERP_CLIENT_ID',
  ])
  const servicePath = '/v2.0/tenant/Production/api/v2.0/companies(0001)/'
  const own = { tokenUrl: 'https://login.example.com/t', user: 'user', password: 'p', sapClient: '100', servicePath }
  const variables = Object.fromEntries(Object.entries(own).map(([name, value]) => [erpVariable(name), value]))
  expect(readConfig({ ...complete, ...variables }).erp).toMatchObject(own)
})
