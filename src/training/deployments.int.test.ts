import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { TurnReading } from '../chat/turn-reading.ts'
import { type Lease, steps } from './jobs/job.ts'
import { runJob } from './jobs/run-job.ts'
import type { NewModel } from './models/model-store.ts'
import { addConversation, log, openTestTraining, type TestTraining, takeNew } from './training-fixture.ts'
import { startWatch, watchDeployment } from './watch-deployments.ts'

vi.setConfig({ testTimeout: 30_000 })
const { signal } = new AbortController()
let training: TestTraining
beforeEach(async () => {
  training = await openTestTraining()
})
afterEach(() => training.close())

const made: NewModel = {
  ...{ trainer: 'built-in', codeVersion: 'code', datasetHash: 'data', parent: null, jobId: null, createdBy: null },
}
const addModel = async (text: string): Promise<string> =>
  (await training.deps.models.add(made, Buffer.from(text))).modelId
const served = async () => await training.deps.models.readServing()

/** A job that has a model and is about to deploy it. */
async function takeAtDeploy(modelId: string): Promise<Lease> {
  const { jobs } = training.deps
  const lease = await takeNew(jobs)
  for (const step of steps.filter((name) => name !== 'deploy')) {
    await jobs.beginStep(lease, step)
    await jobs.finishStep(lease, step, ['train', 'evaluate'].includes(step) ? { modelId } : {})
  }
  return lease
}

const takeAgain = async (lease: Lease): Promise<Lease> => {
  const { jobs } = training.deps
  await jobs.answer(lease.jobId, 'deploy', {}, true)
  const taken = await jobs.take({ owner: randomUUID(), leaseMs: 60_000, devices: [] })
  if (taken?.jobId !== lease.jobId) throw new Error('Another job was taken')
  return taken
}

async function startCanary(): Promise<{ lease: Lease; modelId: string }> {
  await training.deps.jobs.writeSettings({ canaryShare: 0.2, canaryS: 600 })
  const modelId = await addModel('new')
  const lease = await takeAtDeploy(modelId)
  await runJob(training.deps, lease, signal)
  expect(await served()).toMatchObject({ modelId: null, canaryId: modelId })
  return { lease, modelId }
}

test('a canary ends with its job when that is cancelled', async () => {
  const { lease, modelId } = await startCanary()
  await training.deps.jobs.cancel(lease.jobId)
  await runJob(training.deps, await takeAgain(lease), signal)
  expect((await training.deps.jobs.read(lease.jobId)).state).toBe('cancelled')
  expect(await served()).toMatchObject({ modelId: null, canaryId: null, canaryShare: 0 })
  expect((await training.deps.models.listDeployments(1))[0]).toMatchObject({ kind: 'withdrawal', modelId })
})

test('a canary ends with its job when that fails, and the canary of another job goes on', async () => {
  const { lease } = await startCanary()
  const other = await takeAtDeploy(await addModel('other'))
  const broken = { ...training.deps.models, readServing: async () => Promise.reject(new Error('broken')) }
  await runJob({ ...training.deps, models: broken }, other, signal)
  expect((await served()).canaryId).not.toBeNull()
  await runJob({ ...training.deps, models: broken }, await takeAgain(lease), signal)
  expect((await training.deps.jobs.read(lease.jobId)).outcome?.code).toBe('INTERNAL')
  expect(await served()).toMatchObject({ modelId: null, canaryId: null })
})

const counted = { readings: 60, dropped: 0, failed: 0, otherIntent: 0, otherQuery: 0, otherConfidence: 0 }

async function startShadow(): Promise<{ lease: Lease; modelId: string; deploymentId: string }> {
  await training.deps.jobs.writeSettings({ shadowShare: 0.5, shadowS: 600, canaryShare: 0.2, canaryS: 600 })
  const modelId = await addModel('new')
  const lease = await takeAtDeploy(modelId)
  await runJob(training.deps, lease, signal)
  expect(await served()).toMatchObject({ modelId: null, shadowId: modelId, shadowShare: 0.5, canaryId: null })
  const { deploymentId = '' } = (await training.deps.models.readTrial()) ?? {}
  return { lease, modelId, deploymentId }
}

test('a shadow that reads much as the model in service becomes a canary when its time is over', async () => {
  const { lease, modelId, deploymentId } = await startShadow()
  await training.deps.models.addShadowCounts(deploymentId, { ...counted, otherQuery: 6 })
  await runJob(later(100), await takeAgain(lease), signal)
  expect((await served()).shadowId).toBe(modelId)
  await runJob(later(700), await takeAgain(lease), signal)
  expect(await served()).toMatchObject({ modelId: null, shadowId: null, canaryId: modelId })
  await runJob(later(1_400), await takeAgain(lease), signal)
  expect(await served()).toMatchObject({ modelId, canaryId: null })
  expect((await training.deps.jobs.read(lease.jobId)).state).toBe('deployed')
  expect(training.news).toEqual([])
})

test('a shadow that reads too much otherwise is refused, and those who look after it are told', async () => {
  const { lease, modelId, deploymentId } = await startShadow()
  await training.deps.models.addShadowCounts(deploymentId, { ...counted, otherQuery: 40, otherIntent: 30 })
  await runJob(later(100), await takeAgain(lease), signal)
  const job = await training.deps.jobs.read(lease.jobId)
  expect([job.state, job.outcome?.code]).toEqual(['refused', 'SHADOW_DIFFERS'])
  expect(job.outcome?.reasons.join()).toContain('another query')
  expect(await served()).toMatchObject({ modelId: null, shadowId: null, canaryId: null })
  expect(training.news).toEqual([{ kind: 'refused', id: lease.jobId, model: modelId, reasons: job.outcome?.reasons }])
})

test('a refusal that cannot be told is none: the job fails, and what serves stays', async () => {
  const { lease, deploymentId } = await startShadow()
  await training.deps.models.addShadowCounts(deploymentId, { ...counted, otherIntent: 60 })
  const tellKeepers = async () => Promise.reject(new Error('no queue'))
  await runJob({ ...later(100), tellKeepers }, await takeAgain(lease), signal)
  expect((await training.deps.jobs.read(lease.jobId)).outcome?.code).toBe('INTERNAL')
  expect(await served()).toMatchObject({ modelId: null, shadowId: null })
})

const turnsOf = (model: string, readings: TurnReading[]) =>
  readings.map((reading) => ({ text: '이번 달 매출', reading: { ...reading, model }, afterS: 1 }))
const badly = (count: number): TurnReading[] =>
  Array.from({ length: count }, () => ({ kind: 'out-of-scope', intent: 'out_of_scope', errorCode: 'INTERNAL' }))

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
const later = (seconds: number) => ({ ...training.deps, now: () => new Date(Date.now() + seconds * 1000) })
const watchUntil = () => new Date(Date.now() + 3_600_000)

test('only the model that was found worse is taken back, and to what it replaced', async () => {
  const { models, data } = training.deps
  const [a, b, c] = [await addModel('a'), await addModel('b'), await addModel('c')]
  await models.deploy({ modelId: a, by: null })
  await models.deploy({ modelId: b, by: null, watchUntil: watchUntil() })
  await addConversation(training, turnsOf(b, badly(40)), new Date())
  // While what b met is looked at, somebody deploys another.
  const raced = {
    ...data,
    readSignals: async (...asked: Parameters<typeof data.readSignals>) => {
      const found = await data.readSignals(...asked)
      if ((await models.readServing()).modelId === b) await models.deploy({ modelId: c, by: 'hyerim' })
      return found
    },
  }
  expect(await watchDeployment({ ...later(120), data: raced })).toEqual([])
  expect((await served()).modelId).toBe(c)
})

test('a model that was deployed again is still held against what it replaced first', async () => {
  const { models } = training.deps
  const [a, b] = [await addModel('a'), await addModel('b')]
  await models.deploy({ modelId: a, by: null })
  await models.deploy({ modelId: b, by: null, watchUntil: watchUntil() })
  await models.deploy({ modelId: b, by: 'hyerim', watchUntil: watchUntil() })
  // Canaries that came and went push nothing out of sight.
  for (let i = 0; i < 12; i += 1) {
    await models.startTrial({ kind: 'canary', modelId: a, share: 0.1, by: null })
    const trial = await models.readTrial()
    await models.endTrial({ deploymentId: trial?.deploymentId ?? '', reason: 'tried' })
  }
  await addConversation(training, turnsOf(b, badly(40)), new Date())
  expect((await watchDeployment(later(120))).join()).toContain('failed')
  expect((await served()).modelId).toBe(a)
  expect(training.news).toMatchObject([{ kind: 'rolled-back', model: b }])
  // What it went back to is not judged by a deployment of its own that is over.
  await addConversation(training, turnsOf(a, badly(40)), new Date())
  expect(await watchDeployment(later(120))).toEqual([])
  expect((await served()).modelId).toBe(a)
})

test('deployments are watched while a job is being worked on', async () => {
  const { models } = training.deps
  const modelId = await addModel('a')
  await models.deploy({ modelId, by: null, watchUntil: watchUntil() })
  await addConversation(training, turnsOf(modelId, badly(40)), ago(-1))
  await using _watch = startWatch({ ...later(120), everyMs: 50 })
  await vi.waitFor(async () => expect((await served()).modelId).toBeNull(), { timeout: 10_000 })
})

test('a look that fails does not end the watch', async () => {
  let looks = 0
  const models = {
    ...training.deps.models,
    readWatched: async () => {
      looks += 1
      return Promise.reject(new Error('away'))
    },
  }
  await using _watch = startWatch({ ...training.deps, models, log, everyMs: 10 })
  await vi.waitFor(() => expect(looks).toBeGreaterThan(2))
})

test('an orderly restart is no attempt of a step; one that came before the step began forgives none', async () => {
  const { jobs } = training.deps
  const attemptsOf = async () => (await jobs.read(lease.jobId)).steps.find(({ step }) => step === 'train')?.attempts
  let lease = await takeNew(jobs, 'command')
  for (const step of ['collect', 'preprocess'] as const) {
    await jobs.beginStep(lease, step)
    await jobs.finishStep(lease, step, {})
  }
  await training.deps.data.saveDataset(lease.jobId, '', {
    ...{ train: 0, test: 0, groups: 0, 'built-in': 0, reviewed: 0, collected: 0 },
  })
  const closing = async () => {
    const stop = new AbortController()
    const command = () => {
      stop.abort(new Error('The worker is closing'))
      return Promise.reject(stop.signal.reason)
    }
    await runJob({ ...training.deps, trainers: { command } }, lease, stop.signal)
    const taken = await jobs.take({ owner: randomUUID(), leaseMs: 60_000, devices: [] })
    if (!taken) throw new Error('The job was not given back')
    lease = taken
  }
  for (let restart = 0; restart < 5; restart += 1) await closing()
  expect(await attemptsOf()).toBe(0)
  // One that died counts, and is not forgiven by a worker that was closing before it got there.
  await jobs.beginStep(lease, 'train')
  await runJob(training.deps, lease, AbortSignal.abort(new Error('The worker is closing')))
  expect(await attemptsOf()).toBe(1)
})
