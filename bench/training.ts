import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as breathe, setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { startPostgres } from '../demo/postgres.ts'
import { loadCatalog } from '../src/catalog/index.ts'
import { buildNameIndex, createUnderstanding, openBuiltInModels } from '../src/nlu/index.ts'
import { migrateDatabase, openDatabase } from '../src/platform/database.ts'
import { createFieldCipher, createFileKeyService } from '../src/platform/encryption.ts'
import { createLogger } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { createPostgresQueue } from '../src/platform/queue.ts'
import {
  followServedModel,
  openTraining,
  startTraining,
  type TrainingParts,
  trainingQueues,
} from '../src/training/index.ts'
import { askedQuestions, benchDay, demoNames } from './erp-questions.ts'
import { type Figure, judged, median, plainFigure } from './figure.ts'
import { exchangeOnServers, learnPhrasings } from './training-servers.ts'

const utterances = 10_000
const deployments = 50
const processStarts = 20
const mostExchangeMs = 200
const mostGrowth = 1.1

/**
 * `npm run bench -- training`: 10,000 questions that people liked the answers of, from the request for a job to the new model in service,
 * by step; fifty exchanges of models while questions are read in the same process, and on two servers over gRPC; and what 200 reviewed
 * phrasings of one topic teach.
 */
export async function measureTraining(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-'))
  const keyFolder = await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-key-'))
  const postgres = await startPostgres({ dataDir: folder })
  const log = createLogger({ level: 'error', role: 'bench' })
  const database = openDatabase({ url: postgres.url('postgres'), log })
  try {
    await migrateDatabase(database, join(import.meta.dirname, '../migrations'))
    const catalog = loadCatalog('catalog', 'demo-odata')
    const parts: TrainingParts = {
      ...{ database, catalog, log, config: { command: undefined, devices: [] } },
      cipher: createFieldCipher(createFileKeyService(join(keyFolder, 'key'))),
      audit: { record: async () => undefined, recordWith: async () => undefined },
      names: { read: async () => ({ revision: '1', entries: demoNames() }) },
      metrics: createMetrics(),
    }
    const askedAt = performance.now()
    await ask(parts)
    const filled = plainFigure('questions kept, sealed', (performance.now() - askedAt) / 1000, 's')
    const figures = [filled, ...(await train(parts)), ...(await exchange(parts))]
    figures.push(...(await exchangeOnServers(parts, postgres.url('postgres'))))
    return [...figures, ...(await learnPhrasings(parts))]
  } finally {
    await database.close()
    await postgres.stop()
    for (const one of [folder, keyFolder]) await rm(one, { recursive: true, force: true })
  }
}

/** Conversations of a question each, as the chat keeps them. */
async function ask({ database: { kysely }, cipher }: TrainingParts): Promise<void> {
  const questions = askedQuestions()
  const reading = { kind: 'answered', intent: 'query', entity: 'sales', measure: 'amount', confidence: 0.9 }
  for (let done = 0; done < utterances; done += 500) {
    const rows = await Promise.all(
      Array.from({ length: 500 }, async (_, i) => {
        const [turn, line] = [randomUUID(), randomUUID()]
        const text = `${questions.next().value} ${done + i}`
        const seal = (table: string, column: string, row: string) => cipher.encrypt(text, { table, column, row })
        return {
          turn,
          line,
          title: await seal('conversations', 'title', line),
          text: await seal('turns', 'question', turn),
        }
      }),
    )
    const of = <K extends keyof (typeof rows)[number]>(key: K) => rows.map((row) => row[key])
    await sql`insert into conversations (conversation_id, owner_id, title, updated_at)
      select line, 'me', title, now() from unnest(${of('line')}::uuid[], ${of('title')}::bytea[]) as c (line, title)`.execute(
      kysely,
    )
    await sql`insert into turns (turn_id, conversation_id, position, question, trace_id, asked_at, reading, rating)
      select turn, line, 1, text, 'trace', now() - interval '1 hour', ${JSON.stringify(reading)}::jsonb, 'up'
      from unnest(${of('turn')}::uuid[], ${of('line')}::uuid[], ${of('text')}::bytea[]) as t (turn, line, text)`.execute(
      kysely,
    )
  }
}

async function train(parts: TrainingParts): Promise<Figure[]> {
  const { database, log } = parts
  await using queue = await createPostgresQueue({ database, queues: trainingQueues, log, metrics: createMetrics() })
  const { jobs, data, models } = openTraining(parts, queue)
  await jobs.writeSettings({ canaryShare: 0, isEnabled: false })
  await using _worker = await startTraining(parts, queue, { everyMs: 100 })
  await using served = await followServedModel({ database, log, builtIn: openBuiltInModels() })
  const startedAt = performance.now()
  const job = await jobs.open({ trigger: 'manual', requestedBy: null })
  if (!job) throw new Error('No job was opened')
  let done = await jobs.read(job.jobId)
  for (; !done.finishedAt; done = await jobs.read(job.jobId)) await wait(50)
  const { modelId } = await models.readServing()
  if (done.state !== 'deployed') throw new Error(`The job ended otherwise: ${JSON.stringify(done.outcome)}`)
  while (served.version() !== modelId) await wait(5)
  const seconds = (performance.now() - startedAt) / 1000
  const { counts } = await data.readDataset(job.jobId)
  const spent = done.steps.map(({ step, startedAt: from, finishedAt }) =>
    plainFigure(`  ${step}`, ((finishedAt?.getTime() ?? 0) - from.getTime()) / 1000, 's'),
  )
  const trained = done.steps.find(({ step }) => step === 'train')?.result as { peakMb?: number }
  return [
    plainFigure('asked for to in service', seconds, 's'),
    ...spent,
    plainFigure('rows learned from', counts.train, ''),
    plainFigure('rows held out', counts.test, ''),
    plainFigure('trainer, most memory', trained.peakMb ?? Number.NaN, 'MB'),
  ]
}

/** Another model again and again while questions are read one after the other. */
async function exchange(parts: TrainingParts): Promise<Figure[]> {
  const { database, log, catalog } = parts
  const { models } = openTraining(parts, { publish: async () => 'id' })
  const builtIn = openBuiltInModels()
  await using served = await followServedModel({ database, log, builtIn })
  const names = buildNameIndex(catalog, demoNames())
  const starts: number[] = []
  for (let i = 0; i < processStarts; i += 1) {
    const startedAt = performance.now()
    await using _other = await followServedModel({ database, log, builtIn })
    starts.push(performance.now() - startedAt)
  }
  const understand = createUnderstanding({ catalog, names: () => names, model: served.choose })
  const [model] = await models.list(1)
  if (!model) throw new Error('There is no model')
  let [failed, read, longest, goesOn] = [0, 0, 0, true]
  const reading = (async () => {
    const questions = askedQuestions()
    for (let lastAt = performance.now(); goesOn; ) {
      await understand({ text: questions.next().value, today: benchDay, language: 'ko', state: {} }).catch(() => {
        failed += 1
      })
      read += 1
      await breathe()
      longest = Math.max(longest, performance.now() - lastAt)
      lastAt = performance.now()
    }
  })()
  const [times, memory]: [number[], number[]] = [[], []]
  for (let i = 0; i < deployments; i += 1) {
    const modelId = i % 2 === 0 ? null : model.modelId
    const version = modelId ?? builtIn.version
    const startedAt = performance.now()
    await models.deploy({ modelId, by: null })
    while (served.version() !== version) await wait(1)
    times.push(performance.now() - startedAt)
    memory.push(process.memoryUsage.rss() / 2 ** 20)
  }
  goesOn = false
  await reading
  const growth = median(memory.slice(-10)) / median(memory.slice(0, 10))
  const worst = Math.max(...times)
  return [
    plainFigure('found, checked and loaded, median', median(starts), 'ms'),
    plainFigure('deployed to reading, median', median(times), 'ms'),
    judged(plainFigure('deployed to reading, longest', worst, 'ms'), `≤ ${mostExchangeMs} ms`, worst <= mostExchangeMs),
    plainFigure('longest between two readings', longest, 'ms'),
    judged(plainFigure(`failed of ${read} readings`, failed, ''), '0', failed === 0),
    judged(plainFigure('memory, last ten by first ten', growth, ''), `≤ ${mostGrowth}`, growth <= mostGrowth),
  ]
}
