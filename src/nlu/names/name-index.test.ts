import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { companyNames } from '../../cli/company-names.ts'
import { createReader } from '../create-reader.ts'
import { piecesOf } from '../pieces.ts'
import { buildNameIndex } from './name-index.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, companyNames(JSON.parse(readFileSync('demo/company.json', 'utf8'))))
const reader = createReader(catalog, () => index)

function namesIn(text: string): string[] {
  const senses = piecesOf(reader.read(text, '2026-11-23').pieces, 'words').flatMap(({ meaning }) => meaning.senses)
  return [...new Set(senses.flatMap((sense) => (sense.kind === 'name' ? [sense.name] : [])))]
}

test.each([
  ['한빛상사의 미수금', '한빛상사'],
  ['에이테크한테', '에이테크'],
  ['한 빛 상사', '한빛상사'],
  ['한빚전자', '한빛전자'],
  ['볼배어링 6204', '볼베어링 6204'],
  ['A-100', '볼베어링 6204'],
  ['a100', '볼베어링 6204'],
  ['서보모터400w', '서보모터 400W'],
  ['Hanbit Electronics', '한빛전자'],
  ['Jo Eunbi', '조은비'],
  ['Eunbi Cho', '조은비'],
  ['Minsu Kim', '김민수'],
  ['Park Jihwan', '박지환'],
  ['Busan warehouse', '부산창고'],
  ['Line 2', '2라인'],
  ['purchasing team', '구매팀'],
  ['R&D', '연구개발팀'],
  ['재무팀', '재무회계팀'],
  ['노드윈드', 'Nordwind GmbH'],
  ['Nordwind', 'Nordwind GmbH'],
])('%s is %s', (text, name) => {
  expect(namesIn(text)).toContain(name)
})

test('a shared short form keeps all that it may be', () => {
  expect(namesIn('한빛 매출').sort()).toEqual(['한빛상사', '한빛전자'])
  expect(namesIn('영업팀 경비').sort()).toEqual(['국내영업팀', '해외영업팀'])
})

test.each(['삼성전자', '하나만 보여줘', '이사회 일정', 'A-1000', '좋은 하루'])('%s is nobody we know', (text) => {
  expect(namesIn(text).filter((name) => name !== '이사')).toEqual([])
})
