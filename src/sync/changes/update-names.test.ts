import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import type { Row } from '#erp'
import type { NameEntry } from '#nlu'
import { createNameUpdate } from './update-names.ts'

const catalog = loadCatalog('catalog', 'demo-odata')

/** `held`: names that other records still have. */
function open(held: string[] = []) {
  const told: { added: readonly NameEntry[]; removed: readonly NameEntry[] }[] = []
  const update = createNameUpdate({
    catalog,
    names: {
      change: async (added, removed) => {
        told.push({ added, removed })
        return true
      },
    },
    findUnheld: async (_entity, fields, rows: readonly Row[]) =>
      rows.filter((row) => !held.includes(String(row[fields[0] ?? '']))),
  })
  return { told, update }
}

const person = (name: string, department: string, title = '과장') => ({ name, department, title })

test('a record’s names come and go in every domain that it feeds', async () => {
  const { told, update } = open(['구매팀'])
  await update([
    { entity: 'employee', key: '1', before: person('김민수', '구매팀'), after: person('김민수', '품질팀') },
    { entity: 'item', key: 'A', after: { name: '볼베어링', code: 'A', category: '베어링' } },
    { entity: 'customer', key: 'C', before: { name: '한빛', region: '서울', grade: 'VIP' } },
  ])
  expect(told).toEqual([
    {
      added: expect.arrayContaining([
        { domain: 'department', name: '품질팀' },
        { domain: 'item', name: '볼베어링', code: 'A' },
        { domain: 'category', name: '베어링' },
      ]),
      // Somebody else is still in 구매팀.
      removed: expect.arrayContaining([
        { domain: 'customer', name: '한빛' },
        { domain: 'region', name: '서울' },
        { domain: 'grade', name: 'VIP' },
      ]),
    },
  ])
  expect(told[0]?.added).toHaveLength(3)
  expect(told[0]?.removed).toHaveLength(3)
})

test('a change of other fields changes no names; another title is told', async () => {
  const { told, update } = open()
  await update([{ entity: 'customer', key: '1', before: { name: 'a', phone: '1' }, after: { name: 'a', phone: '2' } }])
  expect(told).toEqual([])
  await update([
    { entity: 'employee', key: '1', before: person('김민수', 'x', '대리'), after: person('김민수', 'x', '과장') },
  ])
  expect(told[0]?.added).toContainEqual({ domain: 'employee', name: '김민수', facts: { title: '과장' } })
  expect(told[0]?.removed).toEqual([{ domain: 'title', name: '대리' }])
})

test('a name that one record loses and another gets stays', async () => {
  const { told, update } = open()
  await update([
    { entity: 'vendor', key: '1', before: { name: 'a' }, after: { name: 'b' } },
    { entity: 'vendor', key: '2', before: { name: 'c' }, after: { name: 'a' } },
  ])
  expect(told).toEqual([
    {
      added: [
        { domain: 'vendor', name: 'b' },
        { domain: 'vendor', name: 'a' },
      ],
      removed: [{ domain: 'vendor', name: 'c' }],
    },
  ])
})
