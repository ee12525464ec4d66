import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { envelopeOf } from '#platform/envelope'
import { codeOf, openTrainingServer } from './admin-fixture.ts'
import {
  comparisonSchema,
  datasetListSchema,
  jobListSchema,
  jobSchema,
  modelListSchema,
  modelSchema,
  scheduleSchema,
  servingSchema,
} from './api.ts'
import { runJob } from './jobs/run-job.ts'
import { openTestTraining, type TestTraining, takeNew } from './training-fixture.ts'

let training: TestTraining
let desk: Awaited<ReturnType<typeof openTrainingServer>>
const call: typeof desk.call = (...given) => desk.call(...given)

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

async function trainOnce(): Promise<string> {
  const lease = await takeNew(training.deps.jobs)
  await runJob(training.deps, lease, new AbortController().signal)
  return (await training.deps.models.readServing()).modelId ?? ''
}

test('everything takes the permission', async () => {
  const paths = ['/jobs', '/models', '/datasets', '/schedule', '/candidates', '/choices', '/effect', '/labels/export']
  for (const path of paths) expect((await call('GET', path, { as: 'minsu' })).status).toBe(403)
  for (const path of ['/jobs', '/models/rollback', '/labels'])
    expect((await call('POST', path, { as: 'minsu', body: {} })).status).toBe(403)
  expect((await call('PUT', '/schedule', { as: 'minsu', body: {} })).status).toBe(403)
})

test('a job is asked for, read, and cancelled, each on record', async () => {
  const asked = await call('POST', '/jobs', { body: {} })
  const { job } = envelopeOf(jobSchema).parse(asked.json).body
  expect(asked.status).toBe(202)
  expect(training.told).toContainEqual({ topic: 'training-requests', body: { job } })
  expect(envelopeOf(jobListSchema).parse((await call('GET', '/jobs')).json).body.jobs[0]?.job).toBe(job)
  const cancelled = envelopeOf(jobSchema).parse((await call('POST', `/jobs/${job}/cancel`)).json).body
  expect(cancelled.isCancelled).toBe(true)
  expect(desk.acts.map(({ action, actorId }) => [action, actorId])).toEqual([
    ['training.run', 'hyerim'],
    ['training.cancel', 'hyerim'],
  ])
  expect(codeOf(await call('GET', `/jobs/${randomUUID()}`))).toBe('TRAINING_JOB_NOT_FOUND')
  expect(codeOf(await call('POST', '/jobs', { body: { trainer: 'magic' } }))).toBe('TRAINING_TRAINER_UNKNOWN')
  const lease = await training.deps.jobs.take({ owner: 'me', leaseMs: 9_000, devices: [] })
  if (lease) await runJob(training.deps, lease, new AbortController().signal)
  expect((await training.deps.jobs.read(job)).state).toBe('cancelled')
})

test('what cannot be put on record is not done', async () => {
  const before = (await training.deps.jobs.list(100)).length
  desk.state.isAuditAway = true
  expect((await call('POST', '/jobs', { body: {} })).status).toBe(500)
  expect((await call('PUT', '/schedule', { body: { concurrency: 7 } })).status).toBe(500)
  expect((await training.deps.jobs.list(100)).length).toBe(before)
  expect((await training.deps.jobs.readSettings()).concurrency).toBe(1)
})

test('the schedule is changed as a whole or not at all', async () => {
  const read = async () => envelopeOf(scheduleSchema).parse((await call('GET', '/schedule')).json).body
  expect(await read()).toMatchObject({ cron: '0 3 * * *', timeZone: 'Asia/Seoul', trainers: ['built-in', 'foreign'] })
  await call('PUT', '/schedule', { body: { cron: '30 4 * * 1', isEnabled: true } })
  const changed = await read()
  expect([changed.cron, new Date(changed.nextRunAt ?? '').getUTCMinutes()]).toEqual(['30 4 * * 1', 30])
  for (const body of [{ cron: 'soon' }, { cron: '0 0 30 2 *' }, { timeZone: 'Moon/Base' }])
    expect(codeOf(await call('PUT', '/schedule', { body }))).toBe('TRAINING_SCHEDULE_INVALID')
  expect((await call('PUT', '/schedule', { body: { canaryShare: 2 } })).status).toBe(400)
  await call('PUT', '/schedule', { body: { isEnabled: false } })
})

test('models are compared, deployed and rolled back', { timeout: 90_000 }, async () => {
  const model = await trainOnce()
  await training.deps.data.addLabels([{ text: '물려 있는 돈', label: 'receivable.balance' }], 'hyerim')
  const other = await trainOnce()
  const list = envelopeOf(modelListSchema).parse((await call('GET', '/models')).json).body
  expect([list.serving.model, list.models.map(({ model: id }) => id).sort()]).toEqual([other, [model, other].sort()])
  expect(envelopeOf(modelSchema).parse((await call('GET', `/models/${model}`)).json).body.metrics?.golden.rows).toBe(59)
  const compared = envelopeOf(comparisonSchema).parse(
    (await call('GET', `/models/${model}/compare/${other}`)).json,
  ).body
  expect(compared.figures.find(({ name }) => name === 'golden exact')).toMatchObject({ difference: expect.any(Number) })
  const serving = (reply: Awaited<ReturnType<typeof call>>) => envelopeOf(servingSchema).parse(reply.json).body.model
  expect(serving(await call('POST', '/models/rollback', { body: { reason: '답이 나빠졌어요 010-1234-5678' } }))).toBe(
    model,
  )
  const [latest] = envelopeOf(modelListSchema).parse((await call('GET', '/models')).json).body.deployments
  expect(latest).toMatchObject({ kind: 'rollback', reason: '답이 나빠졌어요 [personal]' })
  for (const reason of ['x', '두 줄\n이유', '널\u0000문자'])
    expect((await call('POST', '/models/rollback', { body: { reason } })).status).toBe(400)
  expect(serving(await call('POST', `/models/${other}/deploy`))).toBe(other)
  expect(serving(await call('POST', '/models/built-in/deploy'))).toBe('built-in')
  expect(codeOf(await call('POST', `/models/${'0'.repeat(16)}/deploy`))).toBe('TRAINING_MODEL_NOT_FOUND')
  expect(desk.acts.map(({ action }) => action)).toEqual(['training.rollback', 'training.deploy', 'training.deploy'])
  expect(desk.acts[0]).toMatchObject({ details: {}, personal: { reason: '답이 나빠졌어요' } })
  const datasets = envelopeOf(datasetListSchema).parse((await call('GET', '/datasets')).json).body.datasets
  const rows = await call('GET', `/jobs/${datasets[0]?.job}/dataset`)
  expect(rows.json.body.examples.split('\n').length).toBeGreaterThan(5_000)
  expect(codeOf(await call('PUT', `/jobs/${datasets[0]?.job}/model`, { body: { content: 'AAAA' } }))).toBe(
    'TRAINING_JOB_NOT_WAITING',
  )
})

test('a model is put on trial as a shadow, shown, and taken off, each on record', async () => {
  const { models, codeVersion } = training.deps
  const made = { trainer: 'built-in', datasetHash: 'd', parent: null, jobId: null, createdBy: null }
  const { modelId } = await models.add({ ...made, codeVersion }, Buffer.from('a model'))
  const other = await models.add({ ...made, codeVersion: 'other' }, Buffer.from('a model of other code'))
  expect(codeOf(await call('POST', '/models/trial/end'))).toBe('TRAINING_NO_TRIAL')
  expect(codeOf(await call('POST', `/models/${other.modelId}/shadow`, { body: {} }))).toBe('TRAINING_MODEL_OTHER_CODE')
  expect((await call('POST', `/models/${modelId}/shadow`, { as: 'minsu', body: {} })).status).toBe(403)
  expect((await call('POST', `/models/${modelId}/shadow`, { body: { share: 2 } })).status).toBe(400)
  const begun = await call('POST', `/models/${modelId}/shadow`, { body: { share: 0.3 } })
  expect(begun.json.body).toMatchObject({ model: 'built-in', shadow: { model: modelId, share: 0.3 } })
  const counts = { readings: 9, dropped: 1, failed: 0, otherIntent: 2, otherQuery: 3, otherConfidence: 4 }
  await models.addShadowCounts((await models.readTrial())?.deploymentId ?? '', counts)
  const { deployments, serving } = envelopeOf(modelListSchema).parse((await call('GET', '/models')).json).body
  expect(deployments[0]).toMatchObject({ kind: 'shadow', model: modelId, deployedBy: 'hyerim', shadow: counts })
  expect(serving.canary).toBeUndefined()
  expect((await call('POST', '/models/trial/end')).json.body).toEqual({ model: 'built-in' })
  expect(desk.acts.slice(-2).map(({ action, actorId }) => [action, actorId])).toEqual([
    ['training.shadow', 'hyerim'],
    ['training.trial-end', 'hyerim'],
  ])
})
