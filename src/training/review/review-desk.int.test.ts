import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Understanding, UnderstandRequest } from '#nlu'
import { envelopeOf } from '#platform/envelope'
import type { TurnReading } from '../../chat/turn-reading.ts'
import { codeOf, openTrainingServer } from '../admin-fixture.ts'
import { addConversation, openTestTraining, type TestTraining } from '../training-fixture.ts'
import { candidateListSchema, choicesSchema, effectSchema } from './api.ts'

let training: TestTraining
let desk: Awaited<ReturnType<typeof openTrainingServer>>
const asked: UnderstandRequest[] = []
/** Stands for the model in service: reads what speaks of money owed, and nothing else. */
const read = (text: string): Understanding => {
  const isOwed = text.includes('미수금')
  const query = { entity: 'receivable', measures: ['balance'] }
  const rest = { confidence: 0.9, language: 'ko' as const, spans: [] }
  return isOwed ? { intent: 'query', query, ...rest } : { intent: 'out_of_scope', reason: 'unknown', ...rest }
}

beforeAll(async () => {
  training = await openTestTraining()
  desk = await openTrainingServer(training, async (request) => {
    asked.push(request)
    return { understanding: read(request.text), state: {} }
  })
})
beforeEach(() => {
  desk.acts.length = 0
})
afterAll(async () => {
  await desk.close()
  await training.close()
})

const misread: TurnReading = { kind: 'out-of-scope', intent: 'out_of_scope', confidence: 0.3 }
const wrong: TurnReading = { kind: 'answered', intent: 'query', entity: 'sales', measure: 'amount', confidence: 0.9 }
const list = async (query = '') =>
  envelopeOf(candidateListSchema).parse((await desk.call('GET', `/candidates${query}`)).json).body
const turnsOf = async (query: string) => (await list(query)).candidates.map(({ turn }) => turn)

test('questions that went wrong are listed by cause, without personal data, with what was said of them', async () => {
  const [declined, disliked] = await addConversation(training, [
    { text: '김 과장 010-1234-5678 물린 돈', reading: misread, afterS: 1_000 },
    { text: '미수금 얼마야', reading: wrong, rating: 'down', afterS: 1_000 },
    { text: '이번 달 매출', reading: { ...wrong, confidence: 0.6 }, afterS: 1_000 },
    { text: '이번 달 매출 얼마야', reading: wrong, afterS: 1_000 },
  ])
  await training.deps.data.findCandidates(35, ['sales.amount'])
  const { candidates, counts } = await list()
  expect(counts).toEqual({ not_answered: 1, thumbs_down: 1, low_confidence: 1 })
  expect(candidates.map(({ cause, suggested }) => [cause, suggested])).toEqual([
    ['low_confidence', 'sales.amount'],
    ['thumbs_down', undefined],
    ['not_answered', undefined],
  ])
  expect(candidates[2]?.question).toBe('김 과장 [personal] 물린 돈')
  expect(await turnsOf('?cause=not_answered')).toEqual([declined])
  expect(await turnsOf('?cause=thumbs_down')).toEqual([disliked])
})

test('a question is labelled, discarded, and taken back, each on record without a word of it', async () => {
  const [turn = ''] = await turnsOf('?cause=not_answered')
  expect(codeOf(await desk.call('PUT', `/candidates/${turn}`, { body: { label: 'nonsense' } }))).toBe(
    'TRAINING_LABEL_UNKNOWN',
  )
  for (const body of [{}, { label: 'ask', query: { entity: 'sales', measures: [] } }])
    expect((await desk.call('PUT', `/candidates/${turn}`, { body })).status).toBe(400)
  expect((await desk.call('PUT', `/candidates/${turn}`, { body: { label: 'receivable.balance' } })).status).toBe(200)
  expect(await turnsOf('')).not.toContain(turn)
  expect((await list('?state=labelled')).candidates).toMatchObject([
    { turn, label: 'receivable.balance', reviewedBy: 'hyerim', isDiscarded: false },
  ])
  await desk.call('POST', `/candidates/${turn}/discard`)
  expect(await turnsOf('?state=labelled')).toEqual([])
  expect(await turnsOf('?state=discarded')).toEqual([turn])
  // What was put aside stays so when turns are looked through again.
  await training.deps.data.findCandidates(35, [])
  expect(await turnsOf('?state=discarded')).toEqual([turn])
  await desk.call('DELETE', `/candidates/${turn}`)
  expect(await turnsOf('?state=open')).toContain(turn)
  expect(desk.acts.map(({ action }) => action)).toEqual(['training.review', 'training.discard', 'training.reopen'])
  expect(JSON.stringify(desk.acts)).not.toContain('물린')
  for (const [method, path] of [
    ['PUT', ''],
    ['POST', '/discard'],
    ['DELETE', ''],
  ] as const) {
    const body = method === 'PUT' ? { body: { label: 'ask' } } : {}
    expect(codeOf(await desk.call(method, `/candidates/${randomUUID()}${path}`, body))).toBe(
      'TRAINING_CANDIDATE_NOT_FOUND',
    )
  }
})

test('what was discarded teaches nothing', async () => {
  const [turn = ''] = await addConversation(training, [{ text: '고마워요', reading: wrong, rating: 'up' }])
  await training.deps.data.findCandidates(35, ['sales.amount'])
  const learned = async () => (await training.deps.data.readLabelled(undefined, 100)).map(({ turnId }) => turnId)
  expect(await learned()).toContain(turn)
  await desk.call('POST', `/candidates/${turn}/discard`)
  expect(await learned()).not.toContain(turn)
})

test('a whole query is kept sealed, and refused when the catalog lacks a name of it', async () => {
  const [turn = ''] = await turnsOf('?cause=thumbs_down')
  const query = { entity: 'receivable', measures: ['balance'], where: [['customer', 'eq', '한빛상사']] }
  const unknown = { ...query, measures: ['colour'] }
  expect(codeOf(await desk.call('PUT', `/candidates/${turn}`, { body: { query: unknown } }))).toBe(
    'TRAINING_QUERY_UNKNOWN',
  )
  const reviewed = await desk.call('PUT', `/candidates/${turn}`, { body: { query } })
  expect(reviewed.json.body).toEqual({ label: 'receivable.balance', query })
  expect((await list('?state=labelled')).candidates).toMatchObject([{ turn, query }])
  const { rows } = await sql<{ expected: Buffer }>`
    select expected from training_candidates where turn_id = ${turn}`.execute(training.db.database.kysely)
  expect(rows[0]?.expected.toString('utf8')).not.toContain('한빛')
  expect(JSON.stringify(desk.acts)).not.toContain('한빛')
})

test('the effect of reviews: what the model in service reads as people said', async () => {
  const effect = async () => envelopeOf(effectSchema).parse((await desk.call('GET', '/effect')).json).body
  const [whole = ''] = await turnsOf('?state=labelled')
  // The query has a condition that the model does not read.
  expect(await effect()).toMatchObject({ rows: 1, right: 0, waiting: 1, readings: [{ turn: whole, isRight: false }] })
  await desk.call('PUT', `/candidates/${whole}`, { body: { label: 'receivable.balance' } })
  asked.length = 0
  expect(await effect()).toMatchObject({ rows: 1, right: 1 })
  expect(asked).toMatchObject([{ text: '미수금 얼마야', partial: true, state: {} }])
  expect(asked[0]?.today).toMatch(/^\d{4}-\d\d-\d\d$/)
})

test('choices are the catalog’s', async () => {
  const { labels, entities } = envelopeOf(choicesSchema).parse((await desk.call('GET', '/choices')).json).body
  expect(labels).toContain('receivable.balance')
  const approval = entities.find(({ entity }) => entity === 'approval')
  expect(approval?.dimensions.find(({ name }) => name === 'status')?.values).toContainEqual({
    value: 'pending',
    label: { ko: '대기', en: 'Pending' },
  })
})
