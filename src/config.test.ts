import { expect, test } from 'vitest'
import { ConfigError, erpVariable, readConfig } from './config.ts'

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

test('every problem is reported at once', () => {
  const message = problemsOf({ DATABASE_URL: 'mysql://x', PORT: '70000', ERP_URLS: '' })
  expect(message).toMatch(/DATABASE_URL/)
  expect(message).toMatch(/PORT/)
  expect(message).toMatch(/ERP_URLS/)
})

test.each([
  [{ HOST: '0.0.0.0' }, /HOST: plain HTTP/],
  [{ NLU_LISTEN: '0.0.0.0:50051' }, /NLU_LISTEN: plain gRPC/],
  [{ ERP_URLS: 'http://erp.example.com' }, /erp.example.com must be reached over https/],
  [{ OIDC_ISSUER: 'http://id.example.com' }, /id.example.com must be reached over https/],
  [{ REDIS_URL: 'redis://redis.example.com:6379' }, /REDIS_URL: redis.example.com:6379 must be reached over rediss/],
  [{ REDIS_URL: 'http://127.0.0.1' }, /REDIS_URL/],
  [{ ROLES: 'http' }, /NLU_ADDRESSES: needed/],
  [{ ROLES: 'http,web' }, /ROLES/],
  [{ ERP_TOKEN_PATH: 'token' }, /ERP_TOKEN_PATH: must begin/],
  [{ ERP_CLIENT_CERT_FILE: '/etc/erp.pem' }, /ERP_CLIENT_KEY_FILE: each needs the other/],
  [{ ERP_CONCURRENCY: '0' }, /ERP_CONCURRENCY/],
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
