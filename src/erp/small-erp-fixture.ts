import { join } from 'node:path'
import { type BusinessQuery, loadCatalog, permitQuery, type RowFilter } from '#catalog'
import { createLogger } from '#platform/log'
import { createErp } from './create-erp.ts'
import { createMemoryConnector } from './memory-connector-fixture.ts'
import type { Row } from './query-answer.ts'

export const catalog = loadCatalog(join(import.meta.dirname, '../../catalog'), 'demo-odata')
const log = createLogger({ level: 'silent', role: 'test' })
const now = () => new Date('2026-11-23T03:00:00Z')

const sale = (date: string, customer: string, amount: string, profit = '0'): Row => ({
  ...{
    date,
    customer,
    amount,
    profit,
    region: customer === 'Hanbit' ? 'Seoul' : 'Busan',
    quantity: '1',
    item: 'A',
    invoiceNo: `INV-${date}`,
    salesperson: 'Kim',
  },
  ...{ category: 'Bearing', department: 'Sales' },
})
const line = (order: string | null, dates: [string, string], rest: [string, string, string, string]): Row => ({
  ...{ orderNo: order, date: dates[0], dueDate: dates[1], quantity: '1', salesperson: 'Kim' },
  ...{ customer: rest[0], item: rest[1], status: rest[2], amount: rest[3] },
})
const tables = {
  // The first order is due in three weeks' days and has one item twice; the last line has lost its order.
  salesOrder: [
    line('SO-1', ['2026-10-30', '2026-11-02'], ['Hanbit', 'A', 'open', '10']),
    line('SO-1', ['2026-10-30', '2026-11-04'], ['Hanbit', 'B', 'open', '20']),
    line('SO-1', ['2026-10-30', '2026-11-10'], ['Hanbit', 'A', 'open', '5']),
    line('SO-2', ['2026-11-02', '2026-11-10'], ['Saeron', 'A', 'shipped', '7']),
    line('SO-2', ['2026-11-02', '2026-11-10'], ['Saeron', 'A', 'shipped', '3']),
    line('SO-3', ['2026-11-20', '2026-12-01'], ['Hanbit', 'B', 'cancelled', '100']),
    line(null, ['2026-11-20', '2026-12-01'], ['Daon', 'B', 'open', '1']),
  ],
  sales: [
    sale('2026-11-02', 'Hanbit', '100.10', '10'),
    sale('2026-11-03', 'Hanbit', '200.20', '30'),
    sale('2026-11-20', 'Saeron', '0.30', '-0.1'),
    sale('2026-11-20', 'Daon', '50', '25'),
    sale('2026-10-05', 'Hanbit', '40', '4'),
    sale('2026-10-31', 'Daon', '10', '1'),
    sale('2025-11-11', 'Hanbit', '7', '1'),
  ],
  stock: [
    { item: 'Bearing', warehouse: 'Seoul', quantity: '5', safetyStock: '10', value: '50', category: 'Part' },
    { item: 'Bearing', warehouse: 'Busan', quantity: '20', safetyStock: '10', value: '200', category: 'Part' },
    { item: 'Valve', warehouse: 'Seoul', quantity: '1', safetyStock: '4', value: '9007199254740993', category: 'Part' },
  ],
  budget: [
    { department: 'Sales', account: 'Travel', date: '2026-11-01', budget: '100', actual: '90', remaining: '10' },
    { department: 'Sales', account: 'Meals', date: '2026-11-01', budget: '300', actual: '60', remaining: '240' },
    { department: 'IT', account: 'Travel', date: '2026-11-01', budget: '0', actual: '0', remaining: '0' },
  ],
  employee: [
    {
      name: 'Kim',
      department: 'Sales',
      title: 'Manager',
      phone: '010',
      email: 'k@x',
      hireDate: '2020-01-01',
      employeeNo: 'E1',
    },
  ],
}

export const november = { field: 'date', from: '2026-11-01', to: '2026-11-30' }

/** The ERP side over a handful of records whose answers can be worked out by hand. Today is 23 November 2026. */
export function openSmallErp(options: Partial<Parameters<typeof createMemoryConnector>[0]> = {}, budget = {}) {
  const connector = createMemoryConnector({ tables, ...options })
  const erp = createErp({ connector, catalog, log, now, budget })
  const ask = (query: BusinessQuery, rows: RowFilter = 'all') =>
    erp.answerQuery(permitQuery(query, rows, 'tester'), new AbortController().signal)
  return { ask, connector, erp }
}
