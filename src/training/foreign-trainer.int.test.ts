import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { Connection } from 'rabbitmq-client'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createHttpServer, type HttpServer } from '#platform/http-server'
import { createMetrics } from '#platform/metrics'
import { createRabbitmqQueue, type MessageQueue } from '#platform/queue'
import { hasRabbitmq, startRabbitmq, type TestRabbitmq } from '../../test/support/rabbitmq.ts'
import { neverRead } from './admin-fixture.ts'
import { registerTrainingAdmin, startTraining, trainingQueues } from './index.ts'
import type { JobWork } from './jobs/work-jobs.ts'
import { log, openTestTraining, type TestTraining } from './training-fixture.ts'

const example = join(import.meta.dirname, '../../docs/examples/trainer.mjs')
const builtInTrainer = join(import.meta.dirname, 'trainers/built-in-process.ts')

describe.runIf(hasRabbitmq)(
  'a trainer outside the service, by the example of the documentation',
  { timeout: 70_000 },
  () => {
    let training: TestTraining
    let rabbitmq: TestRabbitmq
    let queue: MessageQueue
    let worker: JobWork
    let server: HttpServer
    let url: string
    const keys: string[] = []

    beforeAll(async () => {
      training = await openTestTraining()
      rabbitmq = await startRabbitmq()
      const { database } = training.parts
      queue = await createRabbitmqQueue({
        url: rabbitmq.url,
        database,
        queues: trainingQueues,
        log,
        metrics: createMetrics(),
      })
      worker = await startTraining(training.parts, queue, { everyMs: 200 })
      server = await createHttpServer({
        ...{ log, metrics: createMetrics(), publicUrl: 'http://localhost', readiness: {} },
        guard: async (request) => void keys.push(request.headers.authorization ?? ''),
        onCall: async () => undefined,
      })
      registerTrainingAdmin(server, training.parts, {
        queue,
        actorOf: () => ({ userId: 'machine' }),
        understand: neverRead,
      })
      url = await server.listen({ host: '127.0.0.1', port: 0 })
    })
    afterAll(async () => {
      await server?.close()
      await worker?.close()
      await queue?.close()
      await rabbitmq?.stop()
      await training?.close()
    })

    const startExample = (command: string[]): ChildProcess =>
      spawn(process.execPath, [example, ...command], {
        stdio: ['ignore', 'ignore', 'inherit'],
        cwd: import.meta.dirname.replace(/src\/training$/, 'node_modules/.cache'),
        env: { PATH: process.env.PATH, QUEUE_URL: rabbitmq.url, SERVICE_URL: url, API_KEY: 'key-of-a-machine' },
      })

    async function runForeign(command: string[]) {
      const program = startExample(command)
      try {
        const job = await training.deps.jobs.open({ trigger: 'manual', requestedBy: null, trainer: 'foreign' })
        return await vi.waitFor(
          async () => {
            const now = await training.deps.jobs.read(job?.jobId ?? '')
            expect(now.finishedAt).not.toBeNull()
            return now
          },
          { timeout: 60_000, interval: 200 },
        )
      } finally {
        program.kill('SIGKILL')
      }
    }

    test('its model goes through the same gate and into service', async () => {
      const job = await runForeign([process.execPath, builtInTrainer])
      expect([job.state, job.outcome?.reasons]).toEqual(['deployed', []])
      expect((await training.deps.models.list(1))[0]).toMatchObject({ trainer: 'foreign', jobId: job.jobId })
      expect(new Set(keys)).toEqual(new Set(['Bearer key-of-a-machine']))
    })

    test('what it could not train is told', async () => {
      const job = await runForeign(['/bin/false'])
      expect([job.state, job.outcome?.code]).toEqual(['failed', 'TRAINER_FAILED'])
    })

    test('another program asks for a job by a message, and one that comes twice asks once', async () => {
      const { jobs } = training.deps
      const connection = new Connection(rabbitmq.url)
      const before = (await jobs.list(100)).length
      const messageId = '8d0f5ac6-6a5f-4ab8-a2a5-1f5a3c1d2e3f'
      const header = {
        messageId,
        timestamp: new Date().toISOString(),
        source: 'cron',
        destination: 'training-requests',
      }
      const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }
      const message = { header, body: { trainer: 'foreign' }, metadata: { version: '1.0', trace } }
      const publisher = connection.createPublisher({ confirm: true })
      for (let i = 0; i < 2; i += 1)
        await publisher.send({ exchange: 'erp-chatbot', routingKey: 'training-requests', durable: true }, message)
      await vi.waitFor(async () => expect((await jobs.list(100)).length).toBe(before + 1), { timeout: 10_000 })
      await vi.waitFor(async () => expect((await jobs.read(messageId)).state).toBe('waiting'), { timeout: 20_000 })
      await publisher.close()
      await connection.close()
      await jobs.cancel(messageId)
      expect((await jobs.list(100)).length).toBe(before + 1)
    })
  },
)
