import { expect, test } from 'vitest'
import { type BusinessQuery, permitQuery } from '#catalog'
import { createLogger } from '#platform/log'
import { createErp } from './create-erp.ts'
import type { ErpConnector } from './erp-connector.ts'
import { createMemoryConnector } from './memory-connector-fixture.ts'
import type { Row } from './query-answer.ts'
import { catalog } from './small-erp-fixture.ts'

const vendor = (name: string | null, phone: string | null) => ({ name, phone })
const tables = { vendor: [vendor('C', '3'), vendor('A', null), vendor('B', '2'), vendor('D', '1'), vendor(null, '4')] }
const log = createLogger({ level: 'silent', role: 'test' })

/** An ERP that sorts what has no value before everything, and cuts then. */
function nothingFirst(): ErpConnector & { fetches: () => number } {
  const memory = createMemoryConnector({ tables })
  const isMissing = (row: Row, by: string | undefined) => by !== undefined && (row[by] ?? null) === null
  return {
    ...memory,
    fetches: () => memory.asked.length,
    fetch: async (spec, signal) => {
      const { limit, ...whole } = spec
      const result = await memory.fetch(whole, signal)
      const by = spec.orderBy[0]?.by
      const rows = [
        ...result.rows.filter((row) => isMissing(row, by)),
        ...result.rows.filter((row) => !isMissing(row, by)),
      ]
      return { ...result, rows: rows.slice(0, limit) }
    },
  }
}

async function ask(connector: ErpConnector, query: Omit<BusinessQuery, 'entity'>) {
  const erp = createErp({ connector, catalog, log })
  const permitted = permitQuery({ entity: 'vendor', ...query }, 'all', 'tester')
  return erp.answerQuery(permitted, new AbortController().signal)
}

test.each<['asc' | 'desc', string[]]>([
  ['asc', ['1', '2']],
  ['desc', ['4', '3']],
])('what has no value comes last, wherever the ERP cuts: groups %s', async (direction, phones) => {
  const query = { measures: ['count'], groupBy: ['phone'], limit: 2 }
  const answer = await ask(nothingFirst(), { ...query, orderBy: [['phone', direction]] })
  expect(answer.rows.map(({ phone }) => phone)).toEqual(phones)
  expect(answer.completeness).toEqual({ kind: 'first', of: 5 })
  expect(answer.totals).toEqual({ count: 5 })
})

test.each<['asc' | 'desc', string[]]>([
  ['asc', ['1', '2']],
  ['desc', ['4', '3']],
])('what has no value comes last, wherever the ERP cuts: records %s', async (direction, phones) => {
  const answer = await ask(nothingFirst(), {
    measures: [],
    select: ['phone'],
    orderBy: [['phone', direction]],
    limit: 2,
  })
  expect(answer.rows.map(({ phone }) => phone)).toEqual(phones)
  expect(answer.completeness).toEqual({ kind: 'first', of: 5 })
})

test('a list that is whole is sorted as it is, and nothing is fetched twice', async () => {
  const connector = nothingFirst()
  const answer = await ask(connector, { measures: [], select: ['phone'], orderBy: [['phone', 'asc']] })
  expect(answer.rows.map(({ phone }) => phone)).toEqual(['1', '2', '3', '4', null])
  expect(connector.fetches()).toBe(2)
})
