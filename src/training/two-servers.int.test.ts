import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readRequestExamples } from '#nlu'
import { createMetrics } from '#platform/metrics'
import { createRabbitmqQueue, type MessageQueue } from '#platform/queue'
import { hasRabbitmq, startRabbitmq, type TestRabbitmq } from '../../test/support/rabbitmq.ts'
import type { TurnReading } from '../chat/turn-reading.ts'
import { startTraining, trainingQueues } from './index.ts'
import type { Job } from './jobs/job.ts'
import type { JobWork } from './jobs/work-jobs.ts'
import { trainingRequests } from './messages.ts'
import { keepAsking, type NluServers, startNluServers } from './nlu-servers-fixture.ts'
import { phrasings } from './phrasings-fixture.ts'
import { addConversation, log, openTestTraining, type TestTraining } from './training-fixture.ts'

const misread: TurnReading = { kind: 'out-of-scope', intent: 'out_of_scope', reason: 'unknown', confidence: 0.3 }
/** What people ask all the while, so that an exchange of models meets questions under way. */
const everyday = [
  '이번 달 매출 얼마야?',
  '지난달 발주 건수',
  'sales this month',
  '미수금 상위 5개 거래처',
  ...phrasings.slice(0, 20),
]

describe.runIf(hasRabbitmq)(
  'two understanding servers under load, and jobs over RabbitMQ',
  { timeout: 300_000 },
  () => {
    let training: TestTraining
    let rabbitmq: TestRabbitmq
    let queue: MessageQueue
    let worker: JobWork
    let servers: NluServers

    beforeAll(async () => {
      training = await openTestTraining()
      rabbitmq = await startRabbitmq()
      const { database } = training.parts
      queue = await createRabbitmqQueue({
        ...{ url: rabbitmq.url, database, queues: trainingQueues, log, metrics: createMetrics() },
      })
      worker = await startTraining(training.parts, queue, { everyMs: 500 })
      servers = await startNluServers(training.place.databaseUrl, 2)
    }, 120_000)
    afterAll(async () => {
      await servers?.close()
      await worker?.close()
      await queue?.close()
      await rabbitmq?.stop()
      await training?.close()
    })

    const countRight = async (): Promise<number> => {
      let right = 0
      for (const text of phrasings)
        if ((await servers.ask(text)).understanding.query?.entity === 'receivable') right += 1
      return right
    }
    /** Has a job opened by a message, as another program would, while questions keep coming; none of them may fail. */
    async function runJobUnderLoad(): Promise<Job> {
      const load = keepAsking(servers, everyday)
      const jobId = await queue.publish(trainingRequests, {})
      const job = await vi.waitFor(
        async () => {
          const now = await training.deps.jobs.read(jobId)
          expect(now.finishedAt).not.toBeNull()
          return now
        },
        { timeout: 200_000, interval: 250 },
      )
      await servers.waitForModel(
        (await training.deps.models.readServing()).modelId ?? training.deps.openBuiltIn().version,
      )
      await load.stop()
      expect(load.failures).toEqual([])
      expect(load.asked()).toBeGreaterThan(100)
      return job
    }

    test('200 phrasings that are misread are reviewed, trained on, deployed, and read right by both', async () => {
      expect(phrasings).toHaveLength(200)
      expect(await countRight()).toBeLessThan(40)
      await addConversation(
        training,
        phrasings.map((text) => ({ text, reading: misread, afterS: 1_000 })),
        new Date(Date.now() - 300 * 1_000_000),
      )
      const { data, models, reviews } = training.deps
      await data.findCandidates(35, [])
      const candidates = await reviews.list({ state: 'open', limit: 200 })
      expect(candidates).toHaveLength(200)
      for (const { turnId } of candidates) await reviews.review(turnId, { label: 'receivable.balance' }, 'hyerim')
      const job = await runJobUnderLoad()
      expect([job.state, job.outcome?.reasons, job.trigger]).toEqual(['deployed', [], 'manual'])
      expect(new Set((await servers.readStates()).map(({ model }) => model))).toEqual(
        new Set([(await models.readServing()).modelId]),
      )
      // One group in five was held out to measure by: those are read by their likeness to the others.
      expect(await countRight()).toBeGreaterThan(160)
      expect(training.news).toEqual([])
    })

    test('a worse data set: the gate refuses, what serves stays, and those who look after it are told', async () => {
      const { data, models } = training.deps
      const before = await models.readServing()
      const right = await countRight()
      // Somebody has labelled ordinary questions as small talk.
      const wrong = readRequestExamples().filter(({ intent }) => intent === 'ask')
      await data.addLabels(
        wrong.slice(0, 1_200).map(({ text }) => ({ text, label: 'thanks' })),
        'mallory',
      )
      const job = await runJobUnderLoad()
      expect([job.state, job.step, job.outcome?.code]).toEqual(['refused', 'gate', 'WORSE_THAN_IN_SERVICE'])
      expect(await models.readServing()).toEqual(before)
      expect(await countRight()).toBe(right)
      expect(training.news).toMatchObject([{ kind: 'refused', id: job.jobId, reasons: job.outcome?.reasons }])
    })

    test('fifty deployments in a row: every question is answered', async () => {
      const { models, openBuiltIn } = training.deps
      const [trained] = await models.list(1)
      const load = keepAsking(servers, everyday)
      for (let i = 0; i < 50; i += 1) {
        const modelId = i % 2 === 0 ? null : (trained?.modelId ?? null)
        await models.deploy({ modelId, by: null })
        await servers.waitForModel(modelId ?? openBuiltIn().version)
      }
      await load.stop()
      expect(load.failures).toEqual([])
      expect(load.asked()).toBeGreaterThan(50)
    })

    test('a model on trial reads unheard in both, and how it differs is kept with its deployment', async () => {
      const { models } = training.deps
      const [trained] = await models.list(1)
      await models.deploy({ modelId: null, by: null })
      await models.startTrial({ kind: 'shadow', modelId: trained?.modelId ?? '', share: 1, by: 'hyerim' })
      const shadow = await vi.waitFor(
        async () => {
          for (const text of phrasings.slice(0, 40)) {
            expect((await servers.ask(text)).model).not.toBe(trained?.modelId)
            await new Promise((resolve) => setTimeout(resolve, 10))
          }
          const counts = (await models.readTrial())?.shadow
          expect(counts?.otherQuery).toBeGreaterThan(0)
          return counts
        },
        { timeout: 60_000, interval: 500 },
      )
      expect(shadow?.failed).toBe(0)
      await models.endTrial({ deploymentId: (await models.readTrial())?.deploymentId ?? '', reason: 'seen' })
    })
  },
)
