import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { settingNames } from '../../src/config.ts'
import { describeServices } from './service-environment.ts'
import { readSettings } from './settings.ts'

const demo = {
  ...{ dataDir: '/data', port: 3000, publicUrl: 'http://localhost:3000', databaseUrl: 'postgres://demo' },
  ...{ issuer: 'http://127.0.0.1:1', smtpUrl: 'smtp://127.0.0.1:2', erpUrls: ['http://127.0.0.1:3'] },
  ...{ erpDatabaseUrl: 'postgres://erp', nluPort: 4, metricsPorts: { nlu: 5, worker: 6 } },
  secrets: {
    oidcClientSecret: 'o',
    erpClientSecret: 'e',
    erpApiKey: 'k',
    erpSigningSecret: 's',
    serviceDatabasePassword: 'd',
    erpDatabasePassword: 'p',
  },
}

describe('a variable given to npm start', () => {
  test('reaches the program, whichever of its variables it is', () => {
    const given = Object.fromEntries(settingNames.map((name) => [name, name === 'PORT' ? '3001' : `of ${name}`]))
    const { given: passed, port } = readSettings(given)
    const [service] = describeServices({ ...demo, port, given: passed }, 'one')
    expect(service?.env).toMatchObject(given)
    expect(settingNames).toEqual(expect.arrayContaining(['SYNC_CRON', 'LOG_DIR', 'LIMIT_BODY_KIB', 'TRAINER_COMMAND']))
  })

  test('that is empty, or is neither its own nor of the library for its keys, does not', () => {
    expect(readSettings({ SYNC_CRON: '', EDITOR: 'vi', PORT: '8080', DATA_DIR: '/data', AWS_PROFILE: 'p' })).toEqual({
      ...{ dataDir: '/data', port: 8080, given: { AWS_PROFILE: 'p' } },
    })
  })

  test('and names a file with a secret is read, in place of the demo’s own value', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'settings-')), 'database-url')
    writeFileSync(file, 'postgres://given\n')
    const { given } = readSettings({ DATABASE_URL_FILE: file })
    expect(given).toEqual({ DATABASE_URL: 'postgres://given' })
    expect(() => readSettings({ DATABASE_URL_FILE: '/nowhere' })).toThrow('DATABASE_URL_FILE: /nowhere cannot be read')
  })

  test('as a port that is none is refused', () => {
    expect(() => readSettings({ PORT: 'three' })).toThrow('PORT=three is not a port')
  })
})
