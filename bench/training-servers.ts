import { buildNameIndex, createUnderstanding, openBuiltInModels } from '../src/nlu/index.ts'
import { followServedModel, openTraining, type TrainingParts } from '../src/training/index.ts'
import { runJob } from '../src/training/jobs/run-job.ts'
import { keepAsking, type NluServers, startNluServers } from '../src/training/nlu-servers-fixture.ts'
import { phrasings } from '../src/training/phrasings-fixture.ts'
import { askedQuestions, benchDay, demoNames } from './erp-questions.ts'
import { type Figure, judged, median, plainFigure } from './figure.ts'

const deployments = 50
/** Before those that count: the heap grows to hold an old and a new model. */
const settling = 10
const mostGrowth = 1.05
const servers = 2

/** 200 phrasings of one topic that are misread, all reviewed: how many are read right before the next training, and after it. */
export async function learnPhrasings(parts: TrainingParts): Promise<Figure[]> {
  const deps = openTraining(parts, { publish: async () => 'id' })
  const { jobs, data } = deps
  const before = await countRight(parts)
  await data.addLabels(
    phrasings.map((text) => ({ text, label: 'receivable.balance' })),
    'bench',
  )
  const opened = await jobs.open({ trigger: 'manual', requestedBy: null })
  const lease = await jobs.take({ owner: 'bench', leaseMs: 600_000, devices: [] })
  if (!opened || lease?.jobId !== opened.jobId) throw new Error('Another job was taken')
  await runJob(deps, lease, new AbortController().signal)
  const { state, outcome } = await jobs.read(opened.jobId)
  if (state !== 'deployed') throw new Error(`The job ended otherwise: ${JSON.stringify(outcome)}`)
  return [
    plainFigure(`of ${phrasings.length} phrasings, right before they are reviewed`, before, ''),
    plainFigure(`of ${phrasings.length} phrasings, right after the next training`, await countRight(parts), ''),
  ]
}

async function countRight({ database, log, catalog }: TrainingParts): Promise<number> {
  await using served = await followServedModel({ database, log, builtIn: openBuiltInModels() })
  const names = buildNameIndex(catalog, demoNames())
  const understand = createUnderstanding({ catalog, names: () => names, model: served.choose })
  let right = 0
  for (const text of phrasings) {
    const { understanding } = await understand({ text, today: benchDay, language: 'ko', state: {} })
    if (understanding.query?.entity === 'receivable') right += 1
  }
  return right
}

/** Models exchanged on two servers in processes of their own, over gRPC, while questions keep coming: what fails, and their memory. */
export async function exchangeOnServers(parts: TrainingParts, databaseUrl: string): Promise<Figure[]> {
  const { models } = openTraining(parts, { publish: async () => 'id' })
  const builtIn = openBuiltInModels()
  const [model] = await models.list(1)
  if (!model) throw new Error('There is no model')
  const pair = await startNluServers(databaseUrl, servers)
  const questions = askedQuestions()
  const load = keepAsking(
    pair,
    Array.from({ length: 500 }, () => questions.next().value as string),
  )
  const memory: Memory[] = []
  try {
    for (let i = 0; i < settling + deployments; i += 1) {
      const modelId = i % 2 === 0 ? null : model.modelId
      await models.deploy({ modelId, by: null })
      await pair.waitForModel(modelId ?? builtIn.version)
      memory.push(await readMemory(pair))
    }
    await load.stop()
  } finally {
    await pair.close()
  }
  const [first, last] = [memory.slice(settling, settling + 10), memory.slice(-10)]
  const growth = (of: keyof Memory) => median(last.map((one) => one[of])) / median(first.map((one) => one[of]))
  const failed = plainFigure(
    `two servers, ${deployments} exchanges: failed of ${load.asked()} questions`,
    load.failures.length,
    '',
  )
  const flat = (name: string, value: number) =>
    judged(plainFigure(name, value, ''), `≤ ${mostGrowth}`, value <= mostGrowth)
  return [
    judged(failed, '0', load.failures.length === 0),
    plainFigure('two servers, resident memory at the end', median(last.map(({ residentMb }) => residentMb)), 'MB'),
    flat('two servers, resident memory, last ten by first ten', growth('residentMb')),
    flat('two servers, heap in use, last ten by first ten', growth('heapMb')),
  ]
}

type Memory = { residentMb: number; heapMb: number }

async function readMemory({ readStates }: NluServers): Promise<Memory> {
  const states = await readStates('settled')
  return { residentMb: median(states.map((one) => one.residentMb)), heapMb: median(states.map((one) => one.heapMb)) }
}
