import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRows } from './data/dataset.ts'
import { runJob } from './jobs/run-job.ts'
import { addConversation, openTestTraining, type TestTraining, takeNew } from './training-fixture.ts'

const { signal } = new AbortController()
let training: TestTraining
beforeAll(async () => {
  training = await openTestTraining()
})
afterAll(() => training.close())

const outOfScope = { kind: 'out-of-scope', intent: 'out_of_scope', reason: 'unknown', confidence: 0.4 } as const
const answered = {
  kind: 'answered',
  intent: 'query',
  entity: 'receivable',
  measure: 'balance',
  confidence: 0.97,
} as const

test('from what people asked to a model in service, in six steps', async () => {
  const { deps, told } = training
  await addConversation(training, [
    { text: '홍길동 010-1234-5678 물린 돈 좀 봐봐', reading: outOfScope },
    { text: '홍길동한테 물린 돈 미수금 보여줘', reading: answered },
  ])
  const lease = await takeNew(deps.jobs)
  await runJob(deps, lease, signal)
  const job = await deps.jobs.read(lease.jobId)
  expect([job.state, job.outcome]).toEqual(['deployed', { code: 'DEPLOYED', reasons: [] }])
  expect(job.steps.map(({ step, progress }) => [step, progress])).toEqual(
    ['collect', 'preprocess', 'train', 'evaluate', 'gate', 'deploy'].map((step) => [step, 1]),
  )
  const { modelId } = await deps.models.readServing()
  expect(modelId).toMatch(/^[\da-f]{16}$/)
  const { content } = await deps.data.readDataset(job.jobId)
  const collected = parseRows(content).filter(({ origin }) => origin === 'collected')
  expect(collected.map(({ text, intent }) => [text, intent])).toEqual([['② 물린 돈 좀 봐봐', 'receivable.balance']])
  expect(JSON.stringify(collected)).not.toMatch(/홍길동|1234/)
  expect(told.map(({ topic }) => topic)).toContain('training-outcomes')
})
