import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { defaultFailureLimits } from '#auth'
import { defaultLimits } from '#platform/http-server'
import { findLimitConflicts, limitVariables, readLimits } from './config-limits.ts'

const schema = z.object(limitVariables)
const read = (environment: Record<string, string>) => readLimits(schema.parse(environment))

test('without variables the limits are the server’s own', () => {
  expect(read({})).toEqual({ http: defaultLimits, failures: { signIn: {}, apiKeys: {} }, from: {} })
})

test('each limit has a variable that changes it', () => {
  const given = Object.fromEntries(
    Object.keys(limitVariables).flatMap((name) => (name.startsWith('LIMIT_') ? [[name, '50']] : [])),
  )
  const { http, failures } = read({ ...given, LIMIT_URL_CHARACTERS: '5000', LIMIT_JSON_MEMBERS: '500' })
  for (const [name, value] of Object.entries(http))
    expect([name, value]).not.toEqual([name, defaultLimits[name as keyof typeof defaultLimits]])
  expect(failures).toEqual({
    signIn: { perAddress: 50, overall: 50 },
    apiKeys: { perAddress: 50, overall: 50 },
  })
})

test('networks are networks', () => {
  const { from } = read({ TRUSTED_PROXIES: '10.0.3.0/28, 2001:db8:3::/64', HEALTH_FROM: '10.0.0.1' })
  expect(from).toEqual({ trustedProxies: ['10.0.3.0/28', '2001:db8:3::/64'], healthFrom: ['10.0.0.1'] })
  for (const wrong of ['loopback', '10.0.3.1/28', '*', 'proxy.example.com', '10.0.3.0/28,'])
    expect([wrong, schema.safeParse({ TRUSTED_PROXIES: wrong }).success]).toEqual([wrong, false])
})

test('headers cannot take longer than the request they belong to', () => {
  expect(findLimitConflicts(schema.parse({ LIMIT_HEADERS_SECONDS: '30' }))).toHaveLength(1)
  expect(findLimitConflicts(schema.parse({}))).toEqual([])
})

test('the operators’ page has every variable with its default', () => {
  const page = readFileSync('docs/operators.md', 'utf8')
  const row = (name: string) => page.split('\n').filter((line) => line.startsWith(`| \`${name}\` |`))
  const defaults = schema.parse({})
  const ofFailures: Record<string, number> = {
    LIMIT_SIGN_IN_FAILURES: defaultFailureLimits.signIn.perAddress,
    LIMIT_SIGN_IN_FAILURES_OVERALL: defaultFailureLimits.signIn.overall,
    LIMIT_KEY_FAILURES: defaultFailureLimits.apiKeys.perAddress,
    LIMIT_KEY_FAILURES_OVERALL: defaultFailureLimits.apiKeys.overall,
  }
  for (const name of Object.keys(limitVariables)) {
    const [line = '', ...more] = row(name)
    expect([name, more]).toEqual([name, []])
    const expected = defaults[name as keyof typeof defaults] ?? ofFailures[name]
    if (name.startsWith('LIMIT_')) expect(line).toMatch(new RegExp(`\\| \`${expected}\` \\|$`))
    else expect([name, line !== '']).toEqual([name, true])
  }
})
