import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { formatFault } from '#platform/yaml-file'
import { checkAccessRules, loadAccessRules } from './access-rules.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const original = readFileSync('access/roles.yaml', 'utf8')

/** The faults of the access file after one edit, and the line the edit is on. */
function faultsAfter(from: string, to: string) {
  expect(original).toContain(from)
  const path = join(mkdtempSync(join(tmpdir(), 'access-')), 'roles.yaml')
  writeFileSync(path, original.replace(from, to))
  const line = original.slice(0, original.indexOf(from)).split('\n').length
  return { line, path, faults: checkAccessRules(path, catalog).faults.map(formatFault) }
}

test('the access file has no fault', () => {
  expect(checkAccessRules('access/roles.yaml', catalog).faults).toEqual([])
})

test.each([
  ['a rule of no kind', 'leave: own', 'leave: mine', /is not a rule/],
  ['an entity that is not there', 'leave: own', 'holiday: own', /entity 'holiday' does not exist/],
  ['own where nothing is anyone’s', 'stock: all', 'stock: own', /stock has no 'me' field/],
  [
    'a department where there is none',
    'approval: { own: [requester, approver] }',
    'approval: department',
    /no 'myDepartment'/,
  ],
  ['an own field that is not there', 'requester, approver', 'requester, reviewer', /'reviewer' is not a dimension/],
  ['a wildcard that filters', '"*": all', '"*": own', /'\*' can only be all or none/],
  ['a role nobody knows', 'executive:', 'boss:', /boss|executive/],
  ['an entity without an owner', '  stock: 물류팀\n', '', /entity 'stock' has no owner/],
  ['an owner of nothing', 'stock: 물류팀', 'stok: 물류팀', /'stok' does not exist|'stock' has no owner/],
  ['a group with an unknown role', 'sales: [sales]', 'sales: [seller]', /identity.groups.sales/],
  ['sign-in without openid', 'scopes: [openid, ', 'scopes: [', /must contain openid/],
])('%s is a fault', (_, from, to, expected) => {
  const { faults } = faultsAfter(from, to)
  expect(faults.join('\n')).toMatch(expected)
})

test('a fault names its line, and loading lists every one', () => {
  const { line, path, faults } = faultsAfter('productionOrder: all', 'productionOrder: sometimes')
  expect(faults[0]).toMatch(new RegExp(`^roles.yaml:${line}: `))
  expect(() => loadAccessRules(path, catalog)).toThrow(`roles.yaml:${line}`)
})
