import { expect, test } from 'vitest'
import type { Catalog } from '#catalog'
import { buildNameIndex } from './names/name-index.ts'
import { createUnderstanding } from './understand.ts'

const nothing = { ko: [], en: [] }

/** A clinic: no word of it is in the code, so what it understands it has from its catalog. */
const clinic: Catalog = {
  mapping: { connector: 'odata', dialect: 'standard', absent: [], entities: {} },
  domains: {
    doctor: { label: { ko: '의사', en: 'doctor' }, source: { entity: 'doctor', field: 'name' }, aliases: {} },
    ward: {
      label: { ko: '병동', en: 'ward' },
      source: { entity: 'visit', field: 'ward' },
      aliases: { 동관병동: ['east ward'] },
    },
  },
  entities: {
    doctor: {
      entity: 'doctor',
      kind: 'master',
      label: { ko: '의사', en: 'Doctor' },
      synonyms: { ko: ['의료진'], en: ['doctor'] },
      everyday: [],
      me: 'name',
      counter: { ko: '명', en: 'people' },
      columns: ['name'],
      measures: {},
      dimensions: { name: { type: 'name', domain: 'doctor', label: { ko: '이름', en: 'Name' }, synonyms: nothing } },
    },
    visit: {
      entity: 'visit',
      kind: 'transaction',
      label: { ko: '진료', en: 'Visit' },
      synonyms: { ko: ['내원'], en: ['visit'] },
      period: 'date',
      everyday: ['fee'],
      me: 'doctor',
      counter: { ko: '건', en: 'visits' },
      columns: ['date', 'doctor', 'fee'],
      dimensions: {
        date: { type: 'date', label: { ko: '진료일', en: 'Date' }, synonyms: nothing },
        doctor: { type: 'name', domain: 'doctor', label: { ko: '담당의', en: 'Doctor' }, synonyms: nothing },
        ward: { type: 'name', domain: 'ward', label: { ko: '병동', en: 'Ward' }, synonyms: nothing },
      },
      measures: { fee: { type: 'money', label: { ko: '진료비', en: 'Fee' }, synonyms: { ko: ['수가'], en: ['fee'] } } },
    },
  },
}
const index = buildNameIndex(clinic, [
  { domain: 'doctor', name: '강도윤' },
  { domain: 'doctor', name: '문하늘' },
  { domain: 'ward', name: '동관병동' },
  { domain: 'ward', name: '서관병동' },
])
const understand = createUnderstanding({ catalog: clinic, names: () => index })
const period = { field: 'date', from: '2026-11-01', to: '2026-11-30', relative: 'thisMonth' }

test.each([
  ['이번 달 진료비 얼마야', { entity: 'visit', measures: ['fee'], period }],
  ['이번 달 병동별 진료비', { entity: 'visit', measures: ['fee'], groupBy: ['ward'], period }],
  ['강도윤 진료 몇 건', { entity: 'visit', measures: ['count'], where: [['doctor', 'eq', '강도윤']] }],
  [
    '진료비 제일 많은 담당의',
    { entity: 'visit', measures: ['fee'], groupBy: ['doctor'], orderBy: [['fee', 'desc']], limit: 1 },
  ],
  ['내 진료비', { entity: 'visit', measures: ['fee'], where: [['doctor', 'eq', '@me']] }],
  [
    'fees in the east ward this month',
    { entity: 'visit', measures: ['fee'], where: [['ward', 'eq', '동관병동']], period },
  ],
])('%s', async (text, query) => {
  const { understanding } = await understand({ text, today: '2026-11-23', state: {}, language: 'ko' })
  expect(understanding).toMatchObject({ intent: 'query', query })
})

test.each(['이번 달 매출 얼마야', '재고 몇 개야', '김민수 전화번호'])('%s is not known there', async (text) => {
  const { understanding } = await understand({ text, today: '2026-11-23', state: {}, language: 'ko' })
  expect(understanding.intent).toBe('out_of_scope')
})
