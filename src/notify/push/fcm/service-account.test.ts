import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { readServiceAccount } from './service-account.ts'

const pemOf = (pair: { privateKey: { export(options: object): string | Buffer } }) =>
  pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const rsa = pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }))
const file = {
  ...{ type: 'service_account', project_id: 'hanbit-erp', private_key_id: 'k1', private_key: rsa },
  client_email: 'push@hanbit-erp.iam.gserviceaccount.com',
}
const faultOf = (text: string) => {
  try {
    readServiceAccount(text)
    return 'none'
  } catch (error) {
    return String(error)
  }
}

test('is read as Google writes it', () => {
  expect(readServiceAccount(JSON.stringify(file))).toEqual({
    ...{ projectId: 'hanbit-erp', keyId: 'k1', privateKey: rsa, email: file.client_email },
    tokenUrl: 'https://oauth2.googleapis.com/token',
  })
})

test('that cannot be used is named without what is in it', () => {
  expect(faultOf('{"private_key": "secret')).toMatch(/service account: JSON$/)
  expect(faultOf(JSON.stringify({ ...file, type: 'authorized_user' }))).toMatch(/service account: type$/)
  expect(faultOf(JSON.stringify({ ...file, project_id: '../x', client_email: 'x' }))).toMatch(
    /: project_id, client_email$/,
  )
  expect(faultOf(JSON.stringify({ ...file, token_uri: 'file:///etc/passwd' }))).toMatch(/: token_uri$/)
  const ec = pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  for (const key of [ec, '-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----']) {
    const fault = faultOf(JSON.stringify({ ...file, private_key: key }))
    expect(fault).toMatch(/no RSA key$/)
    expect(fault).not.toContain('secret')
  }
})
