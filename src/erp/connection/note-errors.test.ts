import { expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import type { ErpConnector, FetchSpec } from '../erp-connector.ts'
import { erpErrors, invalidQuery } from '../errors.ts'
import { createMemoryConnector } from '../memory-connector-fixture.ts'
import { noteErrors } from './note-errors.ts'

const { signal } = new AbortController()
const spec = { kind: 'records', entity: 'sales' } as FetchSpec

function open(error: () => Error) {
  let time = new Date('2026-11-23T03:00:00Z')
  const failing: ErpConnector = { ...createMemoryConnector({ tables: {} }), fetch: () => Promise.reject(error()) }
  const { connector, noted } = noteErrors(failing, () => time)
  const fail = () => connector.fetch(spec, signal).catch(() => undefined)
  const wait = (ms: number) => {
    time = new Date(time.getTime() + ms)
  }
  return { fail, noted, wait }
}

test('the last error is remembered by its code, and passed on', async () => {
  const { fail, noted } = open(() => new AppError(erpErrors.timeout))
  expect(noted()).toEqual({})
  await fail()
  expect(noted()).toEqual({ lastError: { code: 'ERP_TIMEOUT', at: '2026-11-23T03:00:00.000Z' } })
})

test('a limit is over when its time is', async () => {
  const { fail, noted, wait } = open(() => new AppError(erpErrors.rateLimited, { retryAfterS: 30 }))
  await fail()
  expect(noted().limitedUntil).toBe('2026-11-23T03:00:30.000Z')
  wait(30_000)
  expect(noted().limitedUntil).toBeUndefined()
  expect(noted().lastError?.code).toBe('ERP_RATE_LIMITED')
})

test('a question that asks wrongly is no trouble of the connection', async () => {
  const { fail, noted } = open(() => invalidQuery('amount', 'no such field'))
  await fail()
  expect(noted()).toEqual({})
})
