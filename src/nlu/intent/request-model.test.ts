import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { IntentModel, trainIntentModel } from '../model/index.ts'
import { openRequestModel } from './open-request-model.ts'
import { readRequestExamples } from './request-examples.ts'
import { createRequestModel } from './request-model.ts'

const sentences: [string, string[]][] = [
  ['ask', ['③ ① 얼마야', '① 얼마예요', '① 보여줘', '②의 ① 알려줘']],
  ['sales.amount', ['③ 얼마나 벌었어', '얼마 벌었지', '② 한테서 얼마 벌었어', '번 돈 얼마야']],
  ['thanks', ['고마워', '고맙습니다', '감사해요', '정말 고마워요']],
  ['cause', ['① 왜 줄었어', '① 왜 떨어졌어', '① 줄어든 이유', '③ ① 왜 이래']],
]
const examples = sentences.flatMap(([intent, texts]) => texts.map((text) => ({ intent, text })))
const { parts } = trainIntentModel(examples, { size: 'quick' })
const facts = { version: 'v1', topicWords: { 'sales.amount': ['벌었어'] }, askWords: ['얼마야'] }
const names = trainIntentModel([
  { intent: 'company', text: '대한물산' },
  { intent: 'word', text: '날씨' },
])
const model = createRequestModel(new IntentModel({ ...parts, facts: { ...parts.facts, ...facts } }), names)

test.each([
  ['③ ① 얼마', 'ask'],
  ['얼마나 벌었지', 'ask'],
  ['고마워요', 'thanks'],
  ['③ ① 왜 줄었지', 'declined'],
])('%s: %s', (shape, kind) => {
  expect(model.guess(shape).kinds[0]?.kind).toBe(kind)
})

test('every kind has its share, and they make one', () => {
  const { kinds } = model.guess('③ ① 얼마야')
  expect(kinds.map(({ kind }) => kind).sort()).toEqual(['ask', 'declined', 'greeting', 'help', 'thanks', 'write'])
  expect(kinds.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1)
})

test('a topic comes with its entity, measure and words', () => {
  expect(model.guess('올해 얼마나 벌었어').topic).toMatchObject({
    entity: 'sales',
    measure: 'amount',
    words: ['벌었어'],
  })
})

test('the training files say each thing once, under one label, and always the same', () => {
  const read = readRequestExamples()
  expect(read.length).toBeGreaterThan(5000)
  expect(readRequestExamples()).toEqual(read)
  const labels = Map.groupBy(read, ({ text }) => text)
  const disputed = [...labels].flatMap(([text, all]) =>
    new Set(all.map(({ intent }) => intent)).size > 1 ? [text] : [],
  )
  expect(disputed).toEqual([])
})

function writeRequests(folder: string, files: Record<string, string>): void {
  mkdirSync(join(folder, 'requests'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'requests', name), text)
}

test('a model is kept for the next start, and a damaged one is made again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'training-'))
  const cache = join(folder, 'cache')
  writeFileSync(join(folder, 'phrases.yaml'), '{}')
  writeFileSync(join(folder, 'names.yaml'), 'company: (대한|세진)물산\nword: (날씨|점심)')
  const files = { 'ask.yaml': 'ask: |\n  {word} (얼마|알려줘)', 'talk.yaml': 'thanks: |\n  고마워[요]' }
  expect(() => openRequestModel({ folder, cache })).toThrow()
  writeRequests(folder, files)
  const first = openRequestModel({ folder, cache })
  const kept = readdirSync(cache).find((name) => name.startsWith('requests')) ?? ''
  expect(openRequestModel({ folder, cache }).guess('① 얼마')).toEqual(first.guess('① 얼마'))
  writeFileSync(join(cache, kept), 'not a model')
  expect(openRequestModel({ folder, cache }).version).toBe(first.version)
  writeRequests(folder, { 'ask.yaml': 'ask: |\n  {word} 얼마야' })
  expect(openRequestModel({ folder, cache }).version).not.toBe(first.version)
})
