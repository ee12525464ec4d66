import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { buildNameIndex, createUnderstanding, type DialogueState } from '#nlu'
import { companyNames } from './company-names.ts'
import { readExamples, renderQuestionList } from './question-list.ts'

const today = '2026-11-23'
const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, companyNames(JSON.parse(readFileSync('demo/company.json', 'utf8'))))
const understand = createUnderstanding({ catalog, names: () => index })
const examples = readExamples('docs/questions.jsonl')

test('the page of questions is what its source says', () => {
  expect(readFileSync('docs/questions.md', 'utf8')).toBe(renderQuestionList(catalog, examples, today))
  expect(examples.length).toBeGreaterThanOrEqual(60)
})

test.each(examples.map((example) => [example.turns.map(({ text }) => text).join(' / '), example.turns] as const))(
  '%s',
  async (_, turns) => {
    let state: DialogueState = {}
    for (const turn of turns) {
      const reply = await understand({ text: turn.text, today, state, language: 'ko' })
      state = reply.state
      const { confidence: _c, language: _l, spans: _s, ...understanding } = reply.understanding
      if (understanding.query?.period) delete understanding.query.period.relative
      expect({ text: turn.text, ...understanding }).toEqual({ text: turn.text, ...turn.expect })
    }
  },
)
