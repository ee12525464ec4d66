import { afterEach, describe, expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import type { GroupSpec, RecordSpec } from '../../erp-connector.ts'
import { every } from '../../filter.ts'
import { openFrappe } from './open-frappe-fixture.ts'
import type { Doc } from './simulator-model-fixture.ts'

let site: Awaited<ReturnType<typeof openFrappe>>
afterEach(async () => await site.close())

const { signal } = new AbortController()
const versions = ['15.121.3', '16.36.1']
const records: RecordSpec = {
  kind: 'records',
  entity: 'sales',
  filter: every([]),
  fields: ['invoiceNo', 'amount'],
  orderBy: [],
  maxRows: 10_000,
}
const total: GroupSpec = {
  kind: 'groups',
  entity: 'sales',
  filter: every([]),
  keys: [],
  aggregates: [{ fn: 'sum', field: 'amount' }, { fn: 'count' }],
  having: [],
  orderBy: [],
  maxRows: 100,
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.spec.code : error),
  )

describe.each(versions)('a list of %s', (version) => {
  test('is whole: submitted documents only, one record a line, none for a document without lines', async () => {
    site = await openFrappe(version)
    const { connector } = site.connect()
    const { rows, count } = await connector.fetch(records, signal)
    expect([rows.length, count]).toEqual([180, 180])
    expect(rows.some(({ invoiceNo }) => String(invoiceNo).match(/DRAFT|CANCELLED|EMPTY/))).toBe(false)
  })

  test('never has the length that Frappe gives when none is asked for', async () => {
    site = await openFrappe(version)
    await site.connect().connector.fetch(records, signal)
    expect(site.simulator.lists().every(({ params }) => params.has('limit_page_length'))).toBe(true)
  })

  test('is paged in an order without ties, and read whole where the site gives less than was asked', async () => {
    site = await openFrappe(version)
    site.simulator.state.pageCap = 30
    const { connector } = site.connect({ limits: { pageSize: 50 } })
    const { rows } = await connector.fetch(records, signal)
    expect(rows).toHaveLength(180)
    const pages = site.simulator.lists().filter(({ params }) => Number(params.get('limit_start')) > 0)
    expect(pages.map(({ params }) => Number(params.get('limit_start')))).toEqual([30, 60, 90, 120, 150])
    expect(new Set(pages.map(({ params }) => params.get('order_by')))).toEqual(
      new Set(['`tabSales Invoice Item`.`name` asc']),
    )
  })

  const later = { modified: '2026-11-24 00:00:00.000000' }
  test.each<[string, (documents: Doc[]) => unknown]>([
    ['one goes', (documents) => documents.splice(3, 1)],
    ['one is cancelled', (documents) => Object.assign(documents[59]!, { docstatus: 2, ...later })],
    [
      'one goes and another comes',
      (documents) => {
        const items = (documents[59]!.items as Doc[]).map((line) => ({ ...line, name: `row-9${line.name}` }))
        documents.splice(3, 1, { ...documents[59]!, ...later, name: 'SINV-NEW', items })
      },
    ],
  ])('that changes while it is read is read anew: %s', async (_, change) => {
    site = await openFrappe(version)
    const { state } = site.simulator
    const { connector } = site.connect({ limits: { pageSize: 50 } })
    let changed = false
    state.intercept = ({ params }) => {
      if (!changed && params.get('limit_start') === '100') {
        changed = true
        change(state.documents['Sales Invoice']!)
      }
      return undefined
    }
    const { rows } = await connector.fetch(records, signal)
    state.intercept = undefined
    const again = await site.connect().connector.fetch(records, signal)
    expect(changed).toBe(true)
    expect(rows).toEqual(again.rows)
  })

  test('that never stays the same gives no rows', async () => {
    site = await openFrappe(version)
    const { state } = site.simulator
    const { connector } = site.connect({ limits: { pageSize: 50 } })
    let edits = 0
    state.intercept = ({ params }) => {
      if (Number(params.get('limit_start')) > 0) {
        edits += 1
        state.documents['Sales Invoice']![0]!.modified = `2026-11-24 00:00:00.${String(edits).padStart(6, '0')}`
      }
      return undefined
    }
    expect(await codeOf(connector.fetch(records, signal))).toBe('ERP_CHANGING')
  })

  test('of which the same page comes again and again gives no rows, and ends', async () => {
    site = await openFrappe(version)
    site.simulator.state.intercept = ({ params }) => void params.set('limit_start', '0')
    const { connector } = site.connect({ limits: { pageSize: 50 } })
    expect(await codeOf(connector.fetch(records, signal))).toBe('ERP_CHANGING')
    expect(site.simulator.lists().length).toBeLessThan(40)
  })

  test('is not begun when there is too much of it', async () => {
    site = await openFrappe(version)
    const { connector } = site.connect({ limits: { pageSize: 50 } })
    expect(await codeOf(connector.fetch({ ...records, maxRows: 100 }, signal))).toBe('QUERY_TOO_BIG')
    expect(site.simulator.lists()).toHaveLength(2)
  })

  test('lacks what the user may not read, which is no empty value', async () => {
    site = await openFrappe(version)
    site.simulator.state.hidden = { 'Sales Invoice Item': ['base_net_amount'] }
    expect(await codeOf(site.connect().connector.fetch(records, signal))).toBe('ERP_REFUSED')
    expect(await codeOf(site.connect().connector.fetch(total, signal))).toBe('ERP_REFUSED')
  })

  test('keeps the days of instants: evening belongs to its day', async () => {
    site = await openFrappe(version)
    const { connector } = site.connect()
    const spec: RecordSpec = {
      ...records,
      entity: 'productionOrder',
      fields: ['orderNo', 'date'],
      filter: { is: 'comparison', field: 'date', operator: 'lte', right: { type: 'date', value: '2026-11-02' } },
    }
    expect((await connector.fetch(spec, signal)).rows).toEqual([
      { orderNo: 'WO-1', date: '2026-11-02' },
      { orderNo: 'WO-2', date: '2026-11-02' },
    ])
    const days = await connector.fetch(
      { ...total, ...spec, ...groupsBy('date'), filter: every([]) } as GroupSpec,
      signal,
    )
    expect(days.rows).toEqual([
      { date: '2026-11-02', count: 2 },
      { date: '2026-11-03', count: 1 },
    ])
  })

  test('passes nothing by a date that is not there', async () => {
    site = await openFrappe(version)
    const { connector } = site.connect()
    const late = {
      is: 'comparison',
      field: 'dueDate',
      operator: 'lt',
      right: { type: 'date', value: '2027-12-31' },
    } as const
    const spec: RecordSpec = { ...records, entity: 'receivable', fields: ['dueDate'], filter: late }
    const { rows } = await connector.fetch(spec, signal)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.some(({ dueDate }) => dueDate === null)).toBe(false)
  })
})

function groupsBy(field: string): Pick<GroupSpec, 'kind' | 'keys' | 'aggregates'> {
  const aggregates: GroupSpec['aggregates'] = field === 'date' ? [{ fn: 'count' }] : total.aggregates
  return { kind: 'groups', keys: [{ field }], aggregates }
}
