import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { TurnReading } from '../../chat/turn-reading.ts'
import { codeOf, openTrainingServer } from '../admin-fixture.ts'
import { addConversation, openTestTraining, type TestTraining } from '../training-fixture.ts'

let training: TestTraining
let desk: Awaited<ReturnType<typeof openTrainingServer>>
beforeAll(async () => {
  training = await openTestTraining()
  desk = await openTrainingServer(training)
})
beforeEach(() => {
  desk.acts.length = 0
  desk.state.isAuditAway = false
})
afterAll(async () => {
  await desk.close()
  await training.close()
})

const bring = (file: string | Buffer, { format = 'csv', type = 'text/csv' } = {}) =>
  desk.call('POST', `/labels/import?format=${format}`, { file, type })
const take = async (format: string) => (await desk.call('GET', `/labels/export?format=${format}`)).text
const kept = () => training.deps.data.readLabels()

test('one faulty line and nothing of the file is taken; the lines are named', async () => {
  const reply = await bring('text,label\n고마워,thanks\n물린 돈,nonsense\n,ask\n')
  expect([reply.status, codeOf(reply)]).toEqual([400, 'TRAINING_IMPORT_FAULTY'])
  expect(reply.json.error.details).toEqual([
    { field: 'line 3', issue: 'LABEL_UNKNOWN' },
    { field: 'line 4', issue: 'TEXT_MISSING' },
  ])
  expect([await kept(), desk.acts]).toEqual([[], []])
})

test('the interface tells what an import takes', async () => {
  const { paths } = (await desk.server.inject('/openapi.json')).json()
  const { content } = paths['/api/v1/training/labels/import'].post.requestBody
  expect(Object.keys(content)).toContain('text/csv')
})

test('what cannot be put on record is not imported', async () => {
  desk.state.isAuditAway = true
  expect((await bring('text,label\n고마워,thanks\n')).status).toBe(500)
  expect(await kept()).toEqual([])
})

test('a file of another type, too big a one, and one of strange letters are refused', async () => {
  expect((await bring('{}', { type: 'application/json' })).status).toBe(415)
  expect((await bring('x'.repeat(8 * 2 ** 20 + 1))).status).toBe(413)
  expect(codeOf(await bring(Buffer.from([0xff, 0xff, 0xff])))).toBe('TRAINING_IMPORT_UNREADABLE')
  expect((await bring('')).status).toBe(400)
})

test('a file is imported once, however often it is brought, and comes back as it was', async () => {
  const query = { entity: 'receivable', measures: ['balance'], where: [['customer', 'eq', '한빛상사']] }
  const lines = [
    { text: '=1+1 물린 돈', label: 'receivable.balance' },
    { text: '@돈, "깔린" 것', label: 'receivable.balance', query },
  ]
  const file = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const given = { format: 'jsonl', type: 'application/jsonl' }
  expect((await bring(file, given)).json.body).toEqual({ rows: 2, added: 2, known: 0 })
  expect((await bring(file, given)).json.body).toEqual({ rows: 2, added: 0, known: 2 })
  expect(desk.acts[0]).toMatchObject({ action: 'training.import', details: { added: 2, format: 'jsonl' } })
  expect(JSON.stringify(desk.acts)).not.toContain('돈')
  const csv = await take('csv')
  expect(csv.startsWith('\ufefftext,label,query\r\n')).toBe(true)
  expect(csv).toContain(`\r\n"'=1+1 물린 돈",`)
  expect(csv).toContain(`\r\n"'@돈, ""깔린"" 것",`)
  expect((await bring(csv)).json.body).toEqual({ rows: 2, added: 0, known: 2 })
  const back = (await take('jsonl'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(back).toEqual(expect.arrayContaining(lines))
  expect(back).toHaveLength(2)
})

test('reviewed questions are exported too, without personal data, and the export is on record', async () => {
  const wrong: TurnReading = { kind: 'answered', intent: 'query', entity: 'sales', measure: 'amount', confidence: 0.9 }
  const [turn = ''] = await addConversation(training, [
    { text: '010-1234-5678 물린 돈', reading: wrong, rating: 'down' },
  ])
  await training.deps.data.findCandidates(35, [])
  await training.deps.reviews.review(turn, { label: 'ask' }, 'hyerim')
  expect(await take('csv')).toContain('\r\n[personal] 물린 돈,ask,\r\n')
  expect(desk.acts).toMatchObject([{ action: 'training.export', details: { format: 'csv' } }])
  desk.state.isAuditAway = true
  expect((await desk.call('GET', '/labels/export')).status).toBe(500)
})
