import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatFault } from '#platform/yaml-file'
import { checkCatalog, loadCatalog } from './load-catalog.ts'

/** A copy of the catalog with one edit, and the faults found in it. */
function faultsAfter(file: string, from: string, to: string, mapping = 'demo-odata') {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'))
  cpSync('catalog', folder, { recursive: true })
  const before = readFileSync(join(folder, file), 'utf8')
  expect(before).toContain(from)
  writeFileSync(join(folder, file), before.replace(from, to))
  const line = before.slice(0, before.indexOf(from)).split('\n').length
  return { line, faults: checkCatalog(folder, mapping).faults.map(formatFault) }
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

test('the mapping of ERPNext has no fault', () => {
  const { mapping } = loadCatalog('catalog', 'erpnext')
  expect(Object.keys(mapping.entities)).toHaveLength(11)
})

test.each([
  ['an entity that is forgotten', 'absent: [approval, ', 'absent: [', /entity 'approval' is not mapped/],
  [
    'an entity that is both',
    'absent: [approval, ',
    'absent: [approval, stock, ',
    /entity 'stock' is mapped and absent/,
  ],
  ['an entity that is nowhere', 'absent: [approval, ', 'absent: [approval, gift, ', /entity 'gift' does not exist/],
  ['a field that is forgotten', 'absent: [buyer]', 'absent: []', /field 'buyer' of purchaseOrder is not mapped/],
  ['a field that is both', 'absent: [buyer]', 'absent: [buyer, item]', /field 'item' of purchaseOrder is mapped more/],
  ['a field that is nowhere', 'absent: [buyer]', 'absent: [buyer, gift]', /'gift' is not a stored field/],
  ['a code that is nowhere', 'To Bill: received', 'To Bill: arrived', /'arrived' is not a code of status/],
  [
    'codes of what is no code',
    'values:\n      # An',
    'values:\n      item: {}\n      # An',
    /'item' is not a mapped code/,
  ],
  [
    'days since what is no date',
    'daysPast: { overdueDays: dueDate }',
    'daysPast: { overdueDays: amount }',
    /'amount' is/,
  ],
  ['a condition of its own making', "[docstatus, '!=', 0]", "[docstatus, 'sounds like', 0]", /where/],
  ['a name with a backtick', 'set: Bin', 'set: "Bin`"', /set/],
  ['a path of three hops', 'item: item_code.item_name', 'item: item_code.brand.name', /fields\.item/],
  ['an unknown connector', 'connector: frappe', 'connector: fax', /connector/],
])('in a mapping, %s is reported', (_, from, to, expected) => {
  expect(faultsAfter('mappings/erpnext.yaml', from, to, 'erpnext').faults.join('\n')).toMatch(expected)
})

test.each([
  [
    'a rule for what is not mapped',
    'entity: stock, key: [stock_id]',
    'entity: gift, key: [stock_id]',
    /entity 'gift' is not mapped/,
  ],
  ['a rule that says nothing', 'entity: stock, key: [stock_id]', 'entity: stock', /needs one of key, where and all/],
  [
    'a rule that says two things',
    'key: [stock_id] }',
    'key: [stock_id], all: true }',
    /needs one of key, where and all/,
  ],
  ['a key too long', 'key: [stock_id]', 'key: [stock_id, item_code]', /the key of stock has 1 fields/],
  [
    'a field that is nowhere',
    'fields: { name: name, bizNo',
    'fields: { name: name, gift',
    /'gift' is not a mapped field of vendor/,
  ],
  ['a way through what has no key there', 'through: expense', 'through: leave', /'leave' has no rule with a key/],
  [
    'a value of a field that is nowhere',
    'AccountName: account }',
    'AccountName: gift }',
    /'gift' is not a mapped field of expense/,
  ],
  ['two fields at once', '{ DepartmentName: name }', '{ DepartmentName: name, Name: name }', /takes one field/],
  ['a table without its schema', 'erp.stock:', 'stock:', /schema.table/],
])('in a mapping’s changes, %s is reported', (_, from, to, expected) => {
  expect(faultsAfter('mappings/demo-odata.yaml', from, to).faults.join('\n')).toMatch(expected)
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

test.each(['business-central', 'finance-operations', 's4hana'])('the mapping of %s has no fault', (mapping) => {
  expect(checkCatalog('catalog', mapping).faults).toEqual([])
})

test.each([
  [
    'a field that a further set lacks',
    'region: sellToState, salesperson: salesperson, amount: -',
    'salesperson: salesperson, amount: -',
    /field 'region' is not mapped here/,
  ],
  [
    'a further set’s field that is none',
    'amount: -salesCreditMemoLines',
    'total: salesCreditMemoLines/total, amount: -salesCreditMemoLines',
    /'total' is not a mapped field/,
  ],
  [
    'a name of a field that is none',
    'buyer: { set: salespeople',
    'clerk: { set: salespeople',
    /'clerk' is not a mapped field/,
  ],
  [
    'a time of modification that one set lacks',
    '        modified: lastModifiedDateTime\n',
    '',
    /'modified' is named for some of its sets only/,
  ],
  [
    'a time of modification that is a key',
    'modified: lastModifiedDateTime\n    lines: salesOrderLines',
    'modified: id\n    lines: salesOrderLines',
    /'id' is a key, lines or a field/,
  ],
  [
    'a time of modification that is a day of the entity',
    'modified: lastModifiedDateTime\n    lines: salesOrderLines',
    'modified: orderDate\n    lines: salesOrderLines',
    /'orderDate' is a key, lines or a field/,
  ],
  ['polling without a time of modification', 'entities: [customer,', 'entities: [stock,', /stock has no 'modified'/],
  ['a dialect that is none', 'dialect: business-central', 'dialect: bc', /dialect/],
  ['a path that is none', 'date: postingDate', 'date: "posting date"', /date/],
])('in a mapping of OData, %s is reported', (_, from, to, expected) => {
  const { line, faults } = faultsAfter('mappings/business-central.yaml', from, to, 'business-central')
  expect(faults.join('\n')).toMatch(expected)
  expect(faults.some((fault) => Math.abs(Number(fault.split(':')[1]) - line) <= 8)).toBe(true)
})
