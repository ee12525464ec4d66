import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sealedColumns } from './wiring-keys.ts'

/** The rows of the table "What is stored where" of docs/security.md, as what, where and how. */
function readStoredWhere(): { where: string; how: string }[] {
  const [, section = ''] = readFileSync('docs/security.md', 'utf8').split('\n## What is stored where\n')
  const [table = ''] = section.split('\n## ')
  const rows = table.split('\n').filter((line) => line.startsWith('| '))
  return rows.slice(2).map((line) => {
    const [, , where = '', how = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('**', '').trim())
    return { where, how }
  })
}

/** `a.b`, `.c` are two columns of one table. */
function columnsOf(where: string): string[] {
  let table = ''
  return [...where.matchAll(/`(\w*)\.(\w+)`/g)].map(([, named, column]) => {
    table = named || table
    return `${table}.${column}`
  })
}

test('docs/security.md names every sealed column, and calls nothing sealed that is not', () => {
  const documented = readStoredWhere()
    .filter(({ how }) => how.startsWith('sealed'))
    .flatMap(({ where }) => columnsOf(where))
  // Entries of the audit trail are sealed under the trail's own keys, and never sealed anew.
  const known = [...sealedColumns.map(({ table, column }) => `${table}.${column}`), 'audit_log.sealed']
  expect(documented.sort()).toEqual(known.sort())
})
