import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatFault } from '#platform/yaml-file'
import { checkCatalog, loadCatalog } from './load-catalog.ts'

/** A copy of the catalog with one edit, and the faults found in it. */
function faultsAfter(file: string, from: string, to: string) {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'))
  cpSync('catalog', folder, { recursive: true })
  const before = readFileSync(join(folder, file), 'utf8')
  expect(before).toContain(from)
  writeFileSync(join(folder, file), before.replace(from, to))
  const line = before.slice(0, before.indexOf(from)).split('\n').length
  return { line, faults: checkCatalog(folder, 'demo-odata').faults.map(formatFault) }
}

test('the demo catalog has no fault', () => {
  const catalog = loadCatalog('catalog', 'demo-odata')
  expect(Object.keys(catalog.entities)).toHaveLength(15)
  expect(catalog.entities.sales?.measures.marginRate?.ratio).toEqual({ of: 'profit', over: 'amount' })
})

test.each([
  ['a misspelt key', 'entities/sales.yaml', 'everyday:', 'everday:', /Unrecognized key/],
  ['an unknown kind', 'entities/sales.yaml', 'kind: transaction', 'kind: movement', /kind: /],
  [
    'a measure that is not there',
    'entities/sales.yaml',
    'everyday: [amount]',
    'everyday: [turnover]',
    /'turnover' is not a measure/,
  ],
  [
    'an unknown domain',
    'entities/stock.yaml',
    'domain: warehouse',
    'domain: depot',
    /domain 'depot' is not in domains.yaml/,
  ],
  [
    'a count of a field that is not there',
    'entities/purchase-order.yaml',
    'countBy: orderNo',
    'countBy: order',
    /'order' is not a dimension of purchaseOrder/,
  ],
  [
    'a count of an amount',
    'entities/sales-order.yaml',
    'countBy: orderNo',
    'countBy: amount',
    /'amount' is not a dimension of salesOrder/,
  ],
  [
    'an unmapped field',
    'mappings/demo-odata.yaml',
    ', safetyStock: SafetyStock',
    '',
    /field 'safetyStock' of stock is not mapped/,
  ],
  [
    'a mapping of nothing',
    'mappings/demo-odata.yaml',
    'Quantity, safetyStock',
    'Quantity, spareStock',
    /'spareStock' is not a stored field/,
  ],
  [
    'a domain of nothing',
    'domains.yaml',
    'entity: customer',
    'entity: client',
    /entity 'client' of domain 'customer' does not exist/,
  ],
  ['broken YAML', 'entities/stock.yaml', 'dimensions:', 'dimensions: [', /entities\/stock.yaml:\d+: /],
])('%s is reported with its file', (_, file, from, to, expected) => {
  const { faults } = faultsAfter(file, from, to)
  expect(faults.join('\n')).toMatch(expected)
  expect(faults[0]).toMatch(new RegExp(`^${file.replace('.', '\\.')}:\\d+: `))
})

test('a fault names the line it is on', () => {
  const { line, faults } = faultsAfter('entities/stock.yaml', 'domain: warehouse', 'domain: depot')
  expect(faults[0]).toContain(`entities/stock.yaml:${line}: `)
  const counted = faultsAfter('entities/sales-order.yaml', 'countBy: orderNo', 'countBy: order')
  expect(counted.faults).toEqual([
    `entities/sales-order.yaml:${counted.line}: 'order' is not a dimension of salesOrder`,
  ])
})

test('loading a faulty catalog lists every fault', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'))
  cpSync('catalog', folder, { recursive: true })
  writeFileSync(join(folder, 'domains.yaml'), 'domains: { customer: { label: { ko: 거래처 } } }\n')
  expect(() => loadCatalog(folder, 'demo-odata')).toThrow(/2 fault\(s\)/)
})
