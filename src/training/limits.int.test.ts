import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runJob } from './jobs/run-job.ts'
import { workJobs } from './jobs/work-jobs.ts'
import { openScheduled } from './schedule.ts'
import { createCommandTrainer } from './trainers/command-trainer.ts'
import type { Trainer } from './trainers/trainer.ts'
import { openTestTraining, type TestTraining, takeNew } from './training-fixture.ts'

// Jobs of several steps: a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000 })
const { signal } = new AbortController()
let training: TestTraining
beforeEach(async () => {
  training = await openTestTraining()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await training.close()
})

/** A job with a program of the test's own as trainer. */
async function runProgram(source: string, settings: { memoryMb?: number; timeLimitS?: number; devices?: number }) {
  const { deps, place } = training
  const path = join(dirname(place.keyFile), 'trainer.mjs')
  await writeFile(path, source)
  await deps.jobs.writeSettings(settings)
  const trainers = { command: createCommandTrainer(() => [process.execPath, path]) }
  const opened = await deps.jobs.open({ trigger: 'manual', requestedBy: null, trainer: 'command' })
  const lease = await deps.jobs.take({ owner: 'me', leaseMs: 60_000, devices: ['gpu-0', 'gpu-1'] })
  if (!lease || !opened) throw new Error('No job was taken')
  await runJob({ ...deps, trainers }, lease, signal)
  return await deps.jobs.read(opened.jobId)
}

const served = async () => (await training.deps.models.readServing()).modelId

test('a trainer that takes too much memory is stopped, with its children, and nothing else happens', async () => {
  const hog = `import { spawn } from 'node:child_process'
    if (!process.argv.includes('child')) spawn(process.execPath, [process.argv[1], 'child'], { stdio: 'ignore' })
    const held = []
    setInterval(() => { if (process.argv.includes('child')) held.push(Buffer.alloc(20e6, 1)) }, 20)`
  const job = await runProgram(hog, { memoryMb: 250 })
  expect([job.state, job.outcome?.code]).toEqual(['failed', 'MEMORY_LIMIT'])
  expect(await served()).toBeNull()
})

test('a heap that is full is a memory limit, too', async () => {
  const full = `import v8 from 'node:v8'
    v8.setFlagsFromString('--max-old-space-size=20')
    const held = []
    for (;;) held.push(new Array(1000).fill({}))`
  expect((await runProgram(full, { memoryMb: 4_000 })).outcome?.code).toBe('MEMORY_LIMIT')
})

test('a trainer that takes too long is stopped', async () => {
  const job = await runProgram('setInterval(() => undefined, 1000)', { timeLimitS: 1 })
  expect(job.outcome?.code).toBe('TIME_LIMIT')
})

test('a trainer that fails says so in its last line, and what is no model is none', async () => {
  const failed = await runProgram(`console.error('no such GPU'); process.exit(3)`, {})
  expect(failed.outcome).toEqual({ code: 'TRAINER_FAILED', reasons: ['it ended with 3: no such GPU'] })
  const wrong = `import { writeFileSync } from 'node:fs'
    writeFileSync(process.argv[process.argv.indexOf('--save') + 1], 'not a model')`
  expect((await runProgram(wrong, {})).outcome?.code).toBe('TRAINING_MODEL_UNREADABLE')
})

test('a job sees its own devices and nothing of our environment', async () => {
  const path = join(dirname(training.place.keyFile), 'seen')
  const tell = `import { writeFileSync } from 'node:fs'
    writeFileSync(${JSON.stringify(path)}, JSON.stringify(process.env)); process.exit(1)`
  vi.stubEnv('DATABASE_URL', 'postgres://secret')
  await runProgram(tell, { devices: 1 })
  const env = JSON.parse(await readFile(path, 'utf8'))
  expect([env.CUDA_VISIBLE_DEVICES, env.DATABASE_URL]).toEqual(['gpu-0', undefined])
  await runProgram(tell, { devices: 0 })
  expect(JSON.parse(await readFile(path, 'utf8')).CUDA_VISIBLE_DEVICES).toBe('')
})

test('five jobs and three workers against a limit of two: never more than two at a time, and all of them done', async () => {
  const { deps } = training
  await deps.jobs.writeSettings({ concurrency: 2 })
  let now = 0
  let most = 0
  const slow: Trainer = async () => {
    now += 1
    most = Math.max(most, now)
    await wait(400)
    now -= 1
    return { kind: 'failed', reason: 'only for the test' }
  }
  for (let i = 0; i < 5; i += 1) await deps.jobs.open({ trigger: 'manual', requestedBy: null })
  const pace = { everyMs: 20, leaseMs: 5_000, beforeLook: async () => undefined }
  const workers = [1, 2, 3].map(() => workJobs({ ...deps, trainers: { 'built-in': slow }, ...pace }))
  await vi.waitFor(async () => expect((await deps.jobs.list(10)).every(({ finishedAt }) => finishedAt)).toBe(true), {
    timeout: 25_000,
    interval: 100,
  })
  await Promise.all(workers.map((worker) => worker.close()))
  expect(most).toBe(2)
  expect((await deps.jobs.list(10)).map(({ steps }) => steps.find(({ step }) => step === 'train')?.attempts)).toEqual([
    1, 1, 1, 1, 1,
  ])
})

test('a dead worker’s place and devices are free again when its lease is over, and what it writes then is refused', async () => {
  const { jobs } = training.deps
  await jobs.writeSettings({ devices: 1, concurrency: 2 })
  const [first, second] = [
    await jobs.open({ trigger: 'manual', requestedBy: null }),
    await jobs.open({ trigger: 'manual', requestedBy: null }),
  ]
  const take = (owner: string, devices: string[]) => jobs.take({ owner, leaseMs: 300, devices })
  const dead = await take('dead', ['gpu-0'])
  expect(dead?.jobId).toBe(first?.jobId)
  expect(await take('other', ['gpu-0'])).toBeUndefined()
  await wait(350)
  const taken = await take('other', ['gpu-0'])
  expect(taken?.jobId).toBe(first?.jobId)
  expect((await jobs.read(first?.jobId ?? '')).devices).toEqual(['gpu-0'])
  await expect(jobs.beginStep({ jobId: first?.jobId ?? '', owner: 'dead' }, 'collect')).rejects.toThrow('was lost')
  expect(await jobs.keep({ jobId: first?.jobId ?? '', owner: 'dead' }, 300)).toBe('lost')
  expect(second?.state).toBe('queued')
})

test('a job that takes its workers down with it is given up', async () => {
  const { deps } = training
  const lease = await takeNew(deps.jobs)
  for (let i = 0; i < 3; i += 1) await deps.jobs.beginStep(lease, 'collect')
  await runJob(deps, lease, signal)
  expect((await deps.jobs.read(lease.jobId)).outcome?.code).toBe('GAVE_UP')
})

test('a job that is cancelled while it trains ends, and its trainer with it', async () => {
  const { deps } = training
  const endless: Trainer = ({ signal: stop }) =>
    new Promise((_, reject) => {
      if (stop.aborted) reject(stop.reason)
      stop.addEventListener('abort', () => reject(stop.reason))
    })
  const job = await deps.jobs.open({ trigger: 'manual', requestedBy: null })
  const pace = { everyMs: 20, leaseMs: 2_000, beforeLook: async () => undefined }
  await using _worker = workJobs({ ...deps, trainers: { 'built-in': endless }, ...pace })
  const read = () => deps.jobs.read(job?.jobId ?? '')
  await vi.waitFor(async () => expect((await read()).step).toBe('train'), { timeout: 10_000 })
  await deps.jobs.cancel(job?.jobId ?? '')
  await vi.waitFor(async () => expect((await read()).state).toBe('cancelled'), { timeout: 5_000 })
  await expect(deps.jobs.cancel(job?.jobId ?? '')).rejects.toMatchObject({ spec: { code: 'TRAINING_JOB_OVER' } })
})

test('a scheduled time has one job, however many workers look, and none when it is switched off', async () => {
  const { jobs } = training.deps
  const at = new Date('2026-11-23T18:00:30Z') // 03:00:30 in Seoul
  expect(await openScheduled(jobs, at)).toBeUndefined()
  await jobs.writeSettings({ isEnabled: true })
  expect(await openScheduled(jobs, new Date('2026-11-23T17:59:59Z'))).toBeUndefined()
  const opened = await Promise.all(Array.from({ length: 8 }, () => openScheduled(jobs, at)))
  expect(opened.filter((jobId) => jobId !== undefined)).toHaveLength(1)
  expect(await openScheduled(jobs, new Date('2026-11-23T20:00:00Z'))).toBeUndefined()
  expect((await jobs.list(10)).map(({ trigger }) => trigger)).toEqual(['schedule'])
})
