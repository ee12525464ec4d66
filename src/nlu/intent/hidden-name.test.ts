import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { createReader } from '../create-reader.ts'
import { buildNameIndex } from '../names/name-index.ts'
import { exposeNames } from './hidden-name.ts'
import type { NameGuess } from './name-kinds.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, [{ domain: 'employee', name: '김민수' }])
const reader = createReader(catalog, () => index)
const asPerson = (): NameGuess => [
  { kind: 'person', probability: 0.9 },
  { kind: 'word', probability: 0.1 },
]
const asWord = (): NameGuess => [{ kind: 'word', probability: 0.9 }]
const unknownIn = (text: string, guess: () => NameGuess) =>
  exposeNames(reader.read(text, '2026-11-23'), guess).unknown.map((word) => word.text)

test.each([
  ['한유진가 올린 결재', '한유진'],
  ['길우진 님 남은 연차', '길우진'],
  ['이하나 씨 전화번호', '이하나'],
])('%s names someone: %s', (text, name) => {
  expect(unknownIn(text, asPerson)).toEqual([name])
  expect(unknownIn(text, asWord)).not.toContain(name)
})

test.each(['김민수 씨 연차', '정확한 매출 알려줘', '이번 달 매출 보여주세요 제발요'])(
  '%s is read as before',
  (text) => {
    const reading = reader.read(text, '2026-11-23')
    expect(exposeNames(reading, asWord)).toBe(reading)
  },
)
