import { expect, test } from 'vitest'
import type { Understanding } from '#nlu'
import { catalog } from './render-fixture.ts'
import { admitUnknownName } from './render-talk.ts'

const reading: Understanding = { intent: 'out_of_scope', confidence: 0.9, language: 'ko', spans: [] }

test.each([
  [
    'customer',
    '대한물산',
    'ko',
    'ERP에서 거래처 ‘대한물산’을 찾지 못했어요. 이름이 맞는지 확인해 주세요. 이런 건 물어볼 수 있어요:',
  ],
  ['employee', 'Michael', 'en', 'The ERP has no employee called “Michael”. Please check the name. You can ask:'],
  [
    undefined,
    '제주',
    'ko',
    'ERP에서 이름 ‘제주’를 찾지 못했어요. 이름이 맞는지 확인해 주세요. 이런 건 물어볼 수 있어요:',
  ],
] as const)('a %s called %s is not there', (field, name, language, text) => {
  const understanding = { ...reading, candidates: [name], ...(field ? { field } : {}) }
  expect(admitUnknownName(understanding, catalog, { language, prompts: [] })).toMatchObject({
    kind: 'out-of-scope',
    text,
  })
})
