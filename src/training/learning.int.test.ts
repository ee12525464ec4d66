import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { buildNameIndex, createUnderstanding, openBuiltInModels, readRequestExamples } from '#nlu'
import type { TurnReading } from '../chat/turn-reading.ts'
import type { Job } from './jobs/job.ts'
import { runJob } from './jobs/run-job.ts'
import { serveModels } from './models/serve-models.ts'
import { phrasings } from './phrasings-fixture.ts'
import { addConversation, catalog, log, openTestTraining, type TestTraining, takeNew } from './training-fixture.ts'
import { watchDeployment } from './watch-deployments.ts'

// Jobs of six steps: a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000 })
const { signal } = new AbortController()
const builtIn = openBuiltInModels()
let training: TestTraining
beforeEach(async () => {
  training = await openTestTraining()
})
afterEach(() => training.close())

async function runNew(): Promise<Job> {
  const lease = await takeNew(training.deps.jobs)
  await runJob(training.deps, lease, signal)
  return await training.deps.jobs.read(lease.jobId)
}

/** What the service makes of texts with the model that serves. */
async function readAll(texts: readonly string[]) {
  const { models, codeVersion } = training.deps
  await using served = await serveModels({ store: models, builtIn, codeVersion, log })
  const names = buildNameIndex(catalog, [])
  const understand = createUnderstanding({ catalog, names: () => names, model: served.choose })
  return await Promise.all(
    texts.map(async (text) => {
      const { understanding, model } = await understand({ text, today: '2026-11-23', state: {}, language: 'ko' })
      return { intent: understanding.intent, entity: understanding.query?.entity, model }
    }),
  )
}

test('200 phrasings that the model misreads are reviewed, and read right after the next training', async () => {
  expect(phrasings).toHaveLength(200)
  const before = await readAll(phrasings)
  expect(before.filter(({ entity }) => entity === 'receivable').length).toBeLessThan(40)
  const misread: TurnReading = { kind: 'out-of-scope', intent: 'out_of_scope', reason: 'unknown', confidence: 0.3 }
  await addConversation(
    training,
    phrasings.map((text) => ({ text, reading: misread, afterS: 1_000 })),
    new Date(Date.now() - 300 * 1_000_000),
  )
  const { data, reviews } = training.deps
  await data.findCandidates(35, [])
  const candidates = await reviews.list({ state: 'open', limit: 200 })
  for (const { turnId } of candidates) await reviews.review(turnId, { label: 'receivable.balance' }, 'hyerim')
  const job = await runNew()
  expect([job.state, job.outcome?.reasons]).toEqual(['deployed', []])
  // One group in five was held out to measure by: those are read by their likeness to the others.
  const after = await readAll(phrasings)
  expect(after.filter(({ entity }) => entity === 'receivable').length).toBeGreaterThan(160)
  expect(new Set(after.map(({ model }) => model))).toEqual(
    new Set([(await training.deps.models.readServing()).modelId]),
  )
})

test('a worse data set: the gate refuses, and what serves stays', async () => {
  const { data, models } = training.deps
  // Somebody has labelled ordinary questions as small talk.
  const wrong = readRequestExamples()
    .filter(({ intent }) => intent === 'ask')
    .slice(0, 1_200)
  await data.addLabels(
    wrong.map(({ text }) => ({ text, label: 'thanks' })),
    'mallory',
  )
  const job = await runNew()
  expect([job.state, job.step, job.outcome?.code]).toEqual(['refused', 'gate', 'WORSE_THAN_IN_SERVICE'])
  expect(job.outcome?.reasons.join()).toContain('golden, exact')
  expect(await models.readServing()).toMatchObject({ modelId: null, canaryId: null })
  expect(await models.listDeployments(10)).toEqual([])
  expect(training.told).toContainEqual({
    topic: 'training-outcomes',
    body: expect.objectContaining({ job: job.jobId, state: 'refused', code: 'WORSE_THAN_IN_SERVICE' }),
  })
})

const turnsOf = (model: string, readings: TurnReading[]) =>
  readings.map((reading) => ({ text: '이번 달 매출', reading: { ...reading, model }, afterS: 1 }))
const well = (count: number): TurnReading[] =>
  Array.from({ length: count }, () => ({ kind: 'answered', intent: 'query', confidence: 0.95 }))
const badly = (count: number): TurnReading[] =>
  Array.from({ length: count }, () => ({ kind: 'out-of-scope', intent: 'out_of_scope', confidence: 0.4 }))

test('a canary that people meet no worse is put in service when its time is over', async () => {
  const { deps } = training
  await deps.jobs.writeSettings({ canaryShare: 0.2, canaryS: 600 })
  const lease = await takeNew(deps.jobs)
  await runJob(deps, lease, signal)
  const waiting = await deps.jobs.read(lease.jobId)
  const { canaryId } = await deps.models.readServing()
  expect([waiting.state, waiting.step, canaryId]).toEqual(['waiting', 'deploy', expect.stringMatching(/^[\da-f]{16}$/)])
  expect(await deps.jobs.take({ owner: 'me', leaseMs: 60_000, devices: [] })).toBeUndefined()
  await addConversation(training, turnsOf(canaryId ?? '', well(30)), new Date())
  await goOn(lease.jobId, 700)
  expect((await deps.jobs.read(lease.jobId)).state).toBe('deployed')
  expect(await deps.models.readServing()).toMatchObject({ modelId: canaryId, canaryId: null })
})

test('a canary that people meet worse is withdrawn before it reads everything', async () => {
  const { deps } = training
  await deps.jobs.writeSettings({ canaryShare: 0.2, canaryS: 600 })
  const lease = await takeNew(deps.jobs)
  await runJob(deps, lease, signal)
  const { canaryId } = await deps.models.readServing()
  await addConversation(training, turnsOf(canaryId ?? '', badly(30)), new Date())
  await addConversation(training, turnsOf(builtIn.version, well(30)), new Date())
  await goOn(lease.jobId, 100)
  const job = await deps.jobs.read(lease.jobId)
  expect([job.state, job.outcome?.code]).toEqual(['refused', 'CANARY_FAILED'])
  expect(await deps.models.readServing()).toMatchObject({ modelId: null, canaryId: null })
})

test('a trial that somebody ends says nothing against the model: its job is over, and nobody is told that it was worse', async () => {
  const { deps } = training
  await deps.jobs.writeSettings({ canaryShare: 0.2, canaryS: 600 })
  const lease = await takeNew(deps.jobs)
  await runJob(deps, lease, signal)
  await deps.models.deploy({ modelId: null, by: 'hyerim', watchUntil: new Date() })
  const told = training.news.length
  await goOn(lease.jobId, 100)
  const job = await deps.jobs.read(lease.jobId)
  expect([job.state, job.outcome]).toEqual(['cancelled', { code: 'TRIAL_ENDED', reasons: [] }])
  expect(training.news).toHaveLength(told)
})

/** The job's next look at what it waits for, some seconds from now. */
async function goOn(jobId: string, seconds: number): Promise<void> {
  const { deps } = training
  await deps.jobs.answer(jobId, 'deploy', {}, true)
  const lease = await deps.jobs.take({ owner: 'me', leaseMs: 60_000, devices: [] })
  if (!lease) throw new Error('The job does not go on')
  const now = () => new Date(Date.now() + seconds * 1000)
  await runJob({ ...deps, now }, lease, signal)
}

test('a deployment that people meet worse than what it replaced is rolled back', async () => {
  const { deps } = training
  await deps.jobs.writeSettings({ watchS: 600 })
  await addConversation(training, turnsOf(builtIn.version, well(40)), new Date(Date.now() - 120_000))
  const job = await runNew()
  expect([job.state, job.outcome?.reasons]).toEqual(['deployed', []])
  const { modelId } = await deps.models.readServing()
  const later = { ...deps, now: () => new Date(Date.now() + 120_000) }
  expect(await watchDeployment(later)).toEqual([])
  await addConversation(training, turnsOf(modelId ?? '', badly(40)), new Date())
  expect((await watchDeployment(later)).join()).toContain('not answered')
  expect((await deps.models.readServing()).modelId).toBeNull()
  expect((await deps.models.listDeployments(1))[0]).toMatchObject({
    kind: 'rollback',
    replaced: modelId,
    deployedBy: null,
  })
  // Once is enough.
  expect(await watchDeployment(later)).toEqual([])
})
