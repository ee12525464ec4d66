import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadCatalog, type PermittedQuery } from '#catalog'
import type { Row } from '#erp'
import type { NameEntry } from '#nlu'
import { createLogger } from '#platform/log'
import { refreshNames } from './refresh-names.ts'

const whole = loadCatalog(join(import.meta.dirname, '../../../catalog'), 'demo-odata')
const { customer, item, region } = whole.domains
const catalog: typeof whole = { ...whole, domains: { customer: customer!, item: item!, region: region! } }
const log = createLogger({ level: 'silent', role: 'test' })
const { signal } = new AbortController()

function open(answer: (entity: string, groupBy: string[]) => Row[] | Error, domains = catalog.domains) {
  const kept = new Map<string, NameEntry[]>([['region', [{ domain: 'region', name: 'old' }]]])
  const asked: PermittedQuery[] = []
  const deps = {
    listGroups: async (query: PermittedQuery) => {
      asked.push(query)
      const rows = answer(query.query.entity, query.query.groupBy ?? [])
      if (rows instanceof Error) throw rows
      return rows
    },
    catalog: { ...catalog, domains },
    names: {
      read: async () => ({ revision: '1', entries: [...kept.values()].flat() }),
      readRevision: async () => '1',
      change: async () => false,
      replace: async (domain: string, entries: NameEntry[]) => {
        kept.set(domain, entries)
        return true
      },
    },
    log,
  }
  return { kept, asked, refresh: () => refreshNames(deps, signal) }
}

test('reads every domain’s names, with codes, as the service', async () => {
  const { kept, asked, refresh } = open((entity) =>
    entity === 'item' ? [{ name: 'Bearing', code: 'A-1' }] : [{ name: 'Hanbit', region: 'Seoul' }],
  )
  expect(await refresh()).toEqual({ changed: ['customer', 'item', 'region'], failed: [] })
  expect(kept.get('item')).toEqual([{ domain: 'item', name: 'Bearing', code: 'A-1' }])
  expect(kept.get('customer')).toEqual([{ domain: 'customer', name: 'Hanbit' }])
  expect(kept.get('region')).toEqual([{ domain: 'region', name: 'Seoul' }])
  expect(asked.map(({ query, rows, reader }) => [query.groupBy, rows, reader])).toEqual([
    [['name'], 'all', 'service'],
    [['name', 'code'], 'all', 'service'],
    [['region'], 'all', 'service'],
  ])
})

test('reads the facts that tell namesakes apart', async () => {
  const { employee } = whole.domains
  const { kept, asked, refresh } = open(
    () => [
      { name: '김민수', title: '과장' },
      { name: '이서연', title: null },
    ],
    {
      employee: employee!,
    },
  )
  await refresh()
  expect(asked[0]?.query.groupBy).toEqual(['name', 'title'])
  expect(kept.get('employee')).toEqual([
    { domain: 'employee', name: '김민수', facts: { title: '과장' } },
    { domain: 'employee', name: '이서연' },
  ])
})

test('keeps the old names of a domain that fails or comes back empty, and goes on', async () => {
  const { kept, refresh } = open((entity, groupBy) => {
    if (entity === 'item') return new Error('ERP_TIMEOUT')
    return groupBy.includes('region') ? [] : [{ name: 'Hanbit' }]
  })
  expect(await refresh()).toEqual({ changed: ['customer'], failed: ['item'] })
  expect(kept.get('region')).toEqual([{ domain: 'region', name: 'old' }])
  expect(kept.has('item')).toBe(false)
})

test('leaves out what cannot be a name', async () => {
  const rows = [
    { name: null },
    { name: ' ' },
    { name: 'x'.repeat(201) },
    { name: 'Hanbit', code: null },
    { name: 'Saeron', code: '' },
  ]
  const { kept, refresh } = open((entity) => (entity === 'item' ? rows : []))
  await refresh()
  expect(kept.get('item')).toEqual([
    { domain: 'item', name: 'Hanbit' },
    { domain: 'item', name: 'Saeron' },
  ])
})
