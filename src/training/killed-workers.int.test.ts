import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Job, steps } from './jobs/job.ts'
import { workJobs } from './jobs/work-jobs.ts'
import { openTestTraining, type TestTraining } from './training-fixture.ts'

// Jobs of six steps: a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000 })
const leaseMs = 4_000
const script = fileURLToPath(import.meta.resolve('./training-process-fixture.ts'))
let training: TestTraining
beforeAll(async () => {
  training = await openTestTraining()
})
afterAll(() => training.close())

async function startWorker(order: object): Promise<ChildProcess> {
  const argument = JSON.stringify({ ...training.place, leaseMs, ...order })
  return spawn(process.execPath, [script, argument], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function finish(jobId: string): Promise<Job> {
  const none = async () => undefined
  await using _worker = workJobs({ ...training.deps, everyMs: 100, leaseMs: 10_000, beforeLook: none })
  return await vi.waitFor(
    async () => {
      const job = await training.deps.jobs.read(jobId)
      expect(job.finishedAt).not.toBeNull()
      return job
    },
    { timeout: 60_000, interval: 100 },
  )
}

const count = async (table: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from ${sql.table(table)}`.execute(
    training.parts.database.kysely,
  )
  return rows[0]?.count ?? 0
}

describe('a worker that is killed', () => {
  test.each([
    ['collect', ['data', 'findCandidates']],
    ['preprocess', ['data', 'saveDataset']],
    ['train', ['models', 'add']],
    ['evaluate', ['models', 'addEvaluation']],
    ['gate', ['jobs', 'finishStep']],
    ['deploy', ['models', 'deploy']],
  ] as const)(
    'having done the work of %s: another goes on there, and nothing is lost or there twice',
    async (step, part) => {
      const { jobs, models } = training.deps
      const [datasets, deployments] = [await count('training_datasets'), await count('training_deployments')]
      await models.deploy({ modelId: null, by: null })
      const job = await jobs.open({ trigger: 'manual', requestedBy: null })
      const worker = await startWorker({ part })
      await once(worker.stdout as NodeJS.ReadableStream, 'data')
      worker.kill('SIGKILL')
      const done = await finish(job?.jobId ?? '')
      expect([done.state, done.outcome?.reasons]).toEqual(['deployed', []])
      expect(done.steps.map(({ step: name, attempts }) => [name, attempts])).toEqual(
        steps.map((name) => [name, name === step ? 2 : 1]),
      )
      expect(await count('training_datasets')).toBe(datasets + 1)
      // That of the built-in model, and one of the new one.
      expect(await count('training_deployments')).toBe(deployments + 2)
      expect(await count('training_models')).toBe(1)
    },
  )

  test('takes its trainer with it', async () => {
    const trainer = join(dirname(training.place.keyFile), 'sleeper.sh')
    await writeFile(trainer, `#!/bin/sh\necho $$ > ${trainer}.pid\nsleep 300 &\nwait\n`, { mode: 0o755 })
    const job = await training.deps.jobs.open({ trigger: 'manual', requestedBy: null, trainer: 'command' })
    const worker = await startWorker({ command: [trainer] })
    const pid = await vi.waitFor(
      async () => {
        const found = Number(await readFile(`${trainer}.pid`, 'utf8'))
        expect(found).toBeGreaterThan(0)
        return found
      },
      { timeout: 20_000 },
    )
    const isThere = () => {
      try {
        return process.kill(-pid, 0)
      } catch {
        return false
      }
    }
    expect(isThere()).toBe(true)
    worker.kill('SIGKILL')
    await vi.waitFor(() => expect(isThere()).toBe(false), { timeout: 5_000 })
    await training.deps.jobs.cancel(job?.jobId ?? '')
    expect((await finish(job?.jobId ?? '')).outcome?.code).toBe('CANCELLED')
  })
})
