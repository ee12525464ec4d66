import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import type { AccessSettings, ConnectorDeclaration } from './connector-declaration.ts'
import { AccessMissing, connectorDeclarations, createConnector } from './create-connector.ts'

const root = join(import.meta.dirname, '../..')
const log = createLogger({ level: 'silent', role: 'test' })
const urls = ['http://127.0.0.1:1']

const entra = { tokenUrl: 'https://login.example.com/token', clientId: 'id', clientSecret: 'secret' }

function connect(mapping: string, access: Omit<AccessSettings, 'urls'>, at = urls) {
  const catalog = loadCatalog(join(root, 'catalog'), mapping)
  return createConnector({ access: { urls: at, ...access }, catalog, log, metrics: createMetrics() })
}

function missing(mapping: string, access: Omit<AccessSettings, 'urls'>): unknown {
  try {
    connect(mapping, access)
  } catch (error) {
    if (error instanceof AccessMissing) return error.missing
    throw error
  }
  throw new Error('was connected')
}

test.each<[string, Omit<AccessSettings, 'urls'>]>([
  ['demo-odata', { clientId: 'id', clientSecret: 'secret', apiKey: 'key' }],
  ['demo-odata', { user: 'user', password: 'password' }],
  ['erpnext', { apiKey: 'key', apiSecret: 'secret' }],
  ['erpnext', { clientId: 'id', clientSecret: 'secret', refreshToken: 'token' }],
  ['odoo', { apiKey: 'key' }],
  ['business-central', { ...entra, servicePath: '/v2.0/tenant/Production/api/v2.0/companies(0001)/' }],
  ['finance-operations', { ...entra, company: 'usmf', language: 'ko-KR' }],
  ['s4hana', { user: 'user', password: 'password', sapClient: '100', language: 'KO' }],
  ['s4hana', { clientId: 'id', clientSecret: 'secret' }],
  ['odoo', { apiKey: 'key', clientId: 'id', clientSecret: 'secret', tokenHeader: 'x-token', database: 'office' }],
])('the mapping %s has its connector', async (mapping, access) => {
  const connector = connect(mapping, access)
  expect(connector.status().state).toBe('live')
  const groups = ['demo-odata', 'erpnext', 'odoo'].includes(mapping)
  expect(connector.capabilities().aggregate).toBe(groups ? 'server' : 'none')
  await connector.close()
})

test('what is missing to sign in is said, whichever way would do', () => {
  expect(missing('demo-odata', { clientId: 'id' })).toEqual([['clientSecret'], ['user', 'password']])
  expect(missing('odoo', { clientId: 'id' })).toEqual([['apiKey']])
  expect(missing('business-central', entra)).toEqual([['servicePath']])
  expect(missing('finance-operations', { clientId: 'id' })).toEqual([['tokenUrl', 'clientSecret']])
  expect(missing('s4hana', { user: 'user' })).toEqual([['password'], ['clientId', 'clientSecret']])
  expect(missing('erpnext', { apiKey: 'key' })).toEqual([['apiSecret'], ['clientId', 'clientSecret']])
})

test('credentials go over https only', () => {
  const access = { apiKey: 'key', apiSecret: 'secret' }
  expect(() => connect('erpnext', access, ['http://erp.example.com'])).toThrow('must be reached over https')
})

test('docs/connectors.md shows what is declared', () => {
  const page = readFileSync(join(root, 'docs/connectors.md'), 'utf8')
  expect(page).toContain(table(connectorDeclarations))
})

const yes = (is: boolean) => (is ? 'yes' : 'no')
const rows: [string, (declaration: ConnectorDeclaration) => string][] = [
  ['speaks to', ({ speaksTo }) => speaksTo],
  ['signs in with', ({ auth }) => auth.join(', ')],
  ['conditions by the ERP', ({ filters }) => filters.operators.join(' ')],
  ['alternatives across fields', ({ filters }) => filters.orAcrossFields],
  ['a field against a field', ({ filters }) => yes(filters.fieldToField)],
  ['aggregates by the ERP', ({ aggregates }) => aggregates.functions.join(' ') || 'none'],
  ['conditions on groups', ({ aggregates }) => yes(aggregates.having)],
  ['parts of dates', ({ aggregates }) => aggregates.dateParts.join(' ') || 'none'],
  ['pages', ({ paging }) => `by ${paging.by}, ${paging.pageSize} records`],
  ['rate limit', ({ rateLimit }) => rateLimit.join(', ')],
  ['errors', ({ errors }) => errors.join(', ')],
  ['changes', ({ changes }) => describeChanges(changes)],
  ['tested against', ({ testedAgainst }) => testedAgainst],
]

function describeChanges(changes: ConnectorDeclaration['changes']): string {
  if (changes.by === 'delta-link') return 'a delta link, where the service tracks changes'
  if (changes.by === 'none') return 'none'
  return `\`${changes.field}\` polled, deletes ${changes.showsDeletes ? 'seen' : 'not seen'}`
}

/** The table as the page has it. */
function table(declarations: readonly ConnectorDeclaration[]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [
    line(['', ...declarations.map(({ connector, dialect }) => `\`${dialect ?? connector}\``)]),
    line(['---', ...declarations.map(() => '---')]),
    ...rows.map(([title, cell]) => line([title, ...declarations.map(cell)])),
  ].join('\n')
}
