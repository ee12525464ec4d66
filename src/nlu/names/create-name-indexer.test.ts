import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { companyNames } from '../../cli/company-names.ts'
import type { NameEntry } from '../understanding.ts'
import { createNameIndexer } from './create-name-indexer.ts'
import { buildNameIndex, type NameIndex } from './name-index.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const names = companyNames(JSON.parse(readFileSync('demo/company.json', 'utf8')))
const without = (name: string) => names.filter((entry) => entry.name !== name)
const customer = (name: string): NameEntry => ({ domain: 'customer', name })

/** Everything that an index says of words that are, or are nearly, names. */
function askAbout(index: NameIndex, words: readonly string[]) {
  const sorted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort()
  return words.map((word) => ({
    word,
    get: sorted(index.trie.get(word)),
    at: index.trie.matchesAt(`${word}매출`, 0).map(({ end, values }) => [end, sorted(values)]),
    roman: sorted(index.roman.get(word)),
    near: index.fuzzy
      .near(word)
      .map((match) => [match.word, match.slips, sorted(match.values)])
      .sort(),
    nearRoman: index.fuzzyRoman
      .near(word)
      .map((match) => [match.word, match.slips, sorted(match.values)])
      .sort(),
  }))
}

const words = [
  '한빛',
  '새론정밀',
  '세론정밀',
  '새론',
  'saeronprecision',
  '김민수',
  '김과장',
  '볼베어링6204',
  '가온테크',
  '달빛우주',
  '달빚우주',
  'dalbit',
]
  .concat(names.map(({ name }) => name.replaceAll(' ', '').toLowerCase()))
  .concat(names.map(({ name }) => name.slice(1)))

test.each([
  ['a new name', [...names, customer('달빛우주')]],
  ['names gone', names.filter((_, i) => i % 20 !== 0)],
  [
    'a renamed customer and a new person',
    [
      ...without(names[0]?.name ?? ''),
      customer('달빛우주'),
      { domain: 'employee', name: '김달빛', facts: { title: '과장' } },
    ],
  ],
  [
    'another code of the same name',
    [...names, { domain: 'item', name: '달빛우주', code: 'X-1' }, { domain: 'item', name: '달빛우주', code: 'X-2' }],
  ],
  ['a new title', [...names, { domain: 'title', name: '책임' }]],
  ['more than can be laid over', [...names, ...Array.from({ length: 80 }, (_, i) => customer(`달빛${i}상사`))]],
  ['nothing left', []],
] as [string, NameEntry[]][])('%s: as if all had been indexed anew', (_, changed) => {
  const index = createNameIndexer(catalog)
  index(names)
  const layered = index(changed)
  const anew = buildNameIndex(catalog, changed)
  expect(askAbout(layered, words)).toEqual(askAbout(anew, words))
  expect([layered.size, layered.revision]).toEqual([anew.size, anew.revision])
})

test('name after name, layer over layer, as if all had been indexed anew', () => {
  const index = createNameIndexer(catalog)
  const kept = [...names]
  for (let i = 0; i < 150; i += 1) {
    kept.push(customer(`달빛${i}상사`))
    if (i % 3 === 0) kept.splice((i * 7) % kept.length, 1)
    const layered = index(kept)
    if (i % 25 !== 0) continue
    const some = [...words.slice(0, 60), `달빛${i}상사`, `달빛${i}`, '달빛']
    expect(askAbout(layered, some)).toEqual(askAbout(buildNameIndex(catalog, kept), some))
  }
})

test('goes back to what was before', () => {
  const index = createNameIndexer(catalog)
  const before = index(names)
  index([...names, customer('달빛우주')])
  expect(index(names)).toBe(before)
})
