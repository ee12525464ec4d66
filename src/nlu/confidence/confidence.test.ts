import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { companyNames } from '../../cli/company-names.ts'
import { createDecider } from '../decide-request.ts'
import { createRandom } from '../model/random.ts'
import { buildNameIndex } from '../names/name-index.ts'
import { chooseThreshold } from './calibrate.ts'
import { describeDecision, signNames } from './decision-signs.ts'
import { fitLogistic, predictLogistic } from './fit-logistic.ts'
import { labelQuestions } from './label-questions.ts'
import { rateDecision, readConfidence, writeConfidence } from './rate-decision.ts'
import { isSameReading } from './same-reading.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const entries = companyNames(JSON.parse(readFileSync('demo/company.json', 'utf8')))
const index = buildNameIndex(catalog, entries)
const decideOn = createDecider({ catalog, names: () => index })
const confidence = readConfidence()

function rate(text: string): number {
  const { turn, outcome } = decideOn({ text, today: '2026-11-23', state: {}, language: 'ko' })
  return rateDecision(confidence, turn, outcome.understanding)
}

test('a logistic regression finds the probabilities that made its data', () => {
  const random = createRandom(3)
  const truth = { bias: 0.5, weights: [2, -1] }
  const observations = Array.from({ length: 3000 }, () => {
    const signs = [random(), random()]
    return { signs, isRight: random() < predictLogistic(truth, signs) }
  })
  const fitted = fitLogistic(observations, 0)
  expect(fitted.bias).toBeCloseTo(0.5, 0)
  expect(fitted.weights[0]).toBeGreaterThan(1.5)
  expect(fitted.weights[1]).toBeLessThan(-0.5)
  expect(fitLogistic(observations, 0)).toEqual(fitted)
})

test('nothing to learn from is half and half', () => {
  expect(predictLogistic(fitLogistic([]), [])).toBeCloseTo(0.01)
})

test('every sign has a name', () => {
  const { turn, outcome } = decideOn({ text: '이번 달 매출', today: '2026-11-23', state: {}, language: 'ko' })
  const signs = describeDecision(turn, outcome.understanding)
  expect(signs.length).toBe(signNames.length)
  expect(signs.every((sign) => sign >= -1 && sign <= 1)).toBe(true)
})

test('weights are written as they are read', () => {
  expect(writeConfidence(confidence)).toBe(readFileSync('nlu-training/confidence.json', 'utf8'))
})

test.each([
  ['이번 달 매출 얼마야', '이번 달 매추 얼머야'],
  ['한빛상사 미수금', '한비상사 미스금'],
])('%s is surer than %s', (plain, slipped) => {
  expect(rate(plain)).toBeGreaterThan(rate(slipped))
})

test('the threshold keeps back what is mostly wrong, and nothing when all is right', () => {
  const right = (value: number) => ({ confidence: value, isRight: true })
  const wrong = (value: number) => ({ confidence: value, isRight: false })
  const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)
  const mixed = [...times(9, right(0.9)), ...times(8, wrong(0.3)), ...times(7, wrong(0.2)), ...times(5, right(0.25))]
  expect(chooseThreshold(mixed)).toBeCloseTo(0.31)
  expect(chooseThreshold([right(0.9), right(0.2)])).toBe(0)
  // Two that happen to be wrong are no reason.
  expect(chooseThreshold([...times(40, right(0.9)), ...times(2, wrong(0.3))])).toBe(0)
})

test('labelled sentences come again the same, with and without slips, right and to be declined', () => {
  const questions = labelQuestions(catalog, entries)
  expect(labelQuestions(catalog, entries)).toEqual(questions)
  expect(questions.length).toBeGreaterThan(4000)
  const intents = new Set(questions.map(({ expect: { intent } }) => intent))
  expect([...intents].sort()).toEqual(['clarify', 'greeting', 'help', 'out_of_scope', 'query', 'refine', 'thanks'])
  expect(questions.filter(({ text }) => /[{}$]/.test(text))).toEqual([])
})

const query = { entity: 'sales', measures: ['amount'], groupBy: ['item', 'region'] }
test.each([
  ['sets in another order', { ...query, groupBy: ['region', 'item'] }, true],
  ['what has no meaning of its own', { ...query, select: ['amount'] }, true],
  ['another measure', { ...query, measures: ['profit'] }, false],
  ['one more condition', { ...query, where: [['item', 'eq', 'A']] as [string, 'eq', string][] }, false],
])('%s: the same reading is %#', (_, other, isSame) => {
  expect(isSameReading({ intent: 'query', query }, { intent: 'query', query: other })).toBe(isSame)
})

test('a reading of another intent is another reading', () => {
  expect(isSameReading({ intent: 'query', query }, { intent: 'refine', query })).toBe(false)
  expect(isSameReading({ intent: 'view', view: 'bar' }, { intent: 'view', view: 'line' })).toBe(false)
})
