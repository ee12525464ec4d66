import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import type { IntentsReport } from '../src/cli/measure-intents.ts'
import { comparedFigure, type Figure, judged, mean, plainFigure } from './figure.ts'
import type { NlpReport } from './nlp-intents.ts'

const run = promisify(execFile)
const program = (name: string) => new URL(name, import.meta.url).pathname

type IntentSet = { name: string; language: 'ko' | 'en'; accuracy: number; outOfScope?: boolean; slotF1?: number }
type Measured = { set: IntentSet; reports: IntentsReport[]; peers: Record<'default' | 'tuned', NlpReport> | undefined }

/** Accuracy and slot F1 in percent: the least that will do. */
const sets: readonly IntentSet[] = [
  { name: 'massive-ko', language: 'ko', accuracy: 85.3, slotF1: 70 },
  { name: 'banking77', language: 'en', accuracy: 93.3 },
  { name: 'clinc150', language: 'en', accuracy: 93.5, outOfScope: true },
]

function readOptions() {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      seeds: { type: 'string', default: '1' },
      set: { type: 'string' },
      'no-peers': { type: 'boolean', default: false },
    },
  })
  const seeds = Array.from({ length: Number(values.seeds) || 1 }, (_, i) => i + 1)
  const chosen = sets.filter(({ name }) => !values.set || name === values.set)
  if (chosen.length === 0) throw new RangeError(`There is no set '${values.set}': ${sets.map(({ name }) => name)}`)
  return { seeds, chosen, peers: !values['no-peers'] }
}

const fileOf = (set: string, part: 'train' | 'dev') => program(`data/intents/${set}.${part}.jsonl.gz`)

/** The command that people train by, in a process of its own: what it takes of memory is nobody else's. */
async function train(files: { train: string; test: string }, options: readonly string[]): Promise<IntentsReport> {
  const command = [program('../src/cli/intents.ts'), '--train', files.train, '--test', files.test, '--json', ...options]
  return JSON.parse((await run(process.execPath, command)).stdout) as IntentsReport
}

async function measureSet(set: IntentSet, seeds: readonly number[], peers: boolean): Promise<Measured> {
  const files = { train: fileOf(set.name, 'train'), test: fileOf(set.name, 'dev') }
  const reports: IntentsReport[] = []
  for (const seed of seeds) reports.push(await train(files, ['--seed', String(seed)]))
  if (!peers) return { set, reports, peers: undefined }
  const command = [program('nlp-intents.ts'), files.train, files.test, set.language]
  const { stdout } = await run(process.execPath, command, { maxBuffer: 1 << 26 })
  return { set, reports, peers: JSON.parse(stdout) }
}

function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
}

function qualityFigures({ set, reports, peers }: Measured): Figure[] {
  const figures: Figure[] = []
  const over = (pick: (report: IntentsReport) => number) => mean(reports.map(pick))
  const add = (what: string, [value, unit]: [number, string], goal?: [string, boolean]) => {
    const figure = plainFigure(`${set.name}, ${what}`, value, unit)
    figures.push(goal ? judged(figure, ...goal) : figure)
  }
  const accuracy = 100 * over((report) => report.accuracy)
  add('intents right', [accuracy, '%'], [`≥ ${set.accuracy}`, accuracy >= set.accuracy])
  if (reports.length > 1) add('  its deviation', [100 * deviation(reports.map((report) => report.accuracy)), '%'])
  for (const kind of ['default', 'tuned'] as const) {
    if (!peers) continue
    const value = 100 * peers[kind].accuracy
    const beside = { name: `nlp.js ${kind}`, value }
    const figure = comparedFigure(`${set.name}, beside nlp.js ${kind}`, accuracy, '%', beside)
    figures.push(judged(figure, 'above', accuracy > value))
  }
  const ece = over((report) => report.ece)
  add('calibration error', [ece, ''], ['≤ 0.02', ece <= 0.02])
  add('  of a perfect model by chance', [over((report) => report.eceByChance), ''])
  if (set.outOfScope) {
    const recall = 100 * over((report) => report.outOfScope?.recallAt93 ?? Number.NaN)
    const auroc = over((report) => report.outOfScope?.auroc ?? Number.NaN)
    add('out of scope refused at 93 % right', [recall, '%'], ['≥ 55', recall >= 55])
    add('out of scope, AUROC', [auroc, ''], ['≥ 0.958', auroc >= 0.958])
  }
  if (set.slotF1 !== undefined) {
    const f1 = 100 * over((report) => report.slots?.f1 ?? Number.NaN)
    add('slot F1, particles joined', [f1, '%'], [`≥ ${set.slotF1}`, f1 >= set.slotF1])
    if (reports.length > 1) add('  its deviation', [100 * deviation(reports.map(({ slots }) => slots?.f1 ?? 0)), '%'])
  }
  return figures
}

function costFigures({ set, reports, peers }: Measured): Figure[] {
  const over = (pick: (report: IntentsReport) => number) => mean(reports.map(pick))
  const named = (what: string) => `${set.name}, ${what}`
  const latency = (what: 'p50' | 'p99', most: number) => {
    const value = over((report) => report.latencyMicros[what]) / 1000
    const beside = peers && { name: 'nlp.js default, intents', value: peers.default[what] }
    const name = named(`intent and slots, ${what}`)
    const figure = beside ? comparedFigure(name, value, 'ms', beside) : plainFigure(name, value, 'ms')
    return judged(figure, `≤ ${most} ms`, value <= most)
  }
  const seconds = over(({ training }) => training.intentSeconds + training.slotSeconds)
  const name = named('training, CPU of one thread')
  const beside = peers && { name: 'nlp.js tuned', value: peers.tuned.cpuSeconds }
  return [
    latency('p50', 1),
    latency('p99', 3),
    plainFigure(
      named('  p99, texts by the middle of five'),
      over(({ latencyMicros }) => latencyMicros.p99OfMiddles) / 1000,
      'ms',
    ),
    beside ? comparedFigure(name, seconds, 's', beside) : plainFigure(name, seconds, 's'),
    ...fileFigures(set.name, reports),
  ]
}

function fileFigures(name: string, reports: readonly IntentsReport[]): Figure[] {
  const over = (pick: (model: IntentsReport['model']) => number) => mean(reports.map(({ model }) => pick(model)))
  const sizes: [string, number][] = [
    ['intents', over((model) => model.intentMegabytes)],
    ['slots', over((model) => model.slotMegabytes)],
  ]
  const loadMs = over((model) => model.loadMs)
  return [
    ...sizes
      .filter(([, size]) => size > 0)
      .map(([what, size]) => judged(plainFigure(`${name}, file of ${what}`, size, 'MB'), '≤ 20 MB', size <= 20)),
    judged(plainFigure(`${name}, loading`, loadMs, 'ms'), '≤ 200 ms', loadMs <= 200),
  ]
}

/** So many rows of a train part, evenly out of all: files have an intent's rows together. */
function sampleOf(set: string, count: number): string[] {
  const text = gunzipSync(readFileSync(fileOf(set, 'train'))).toString('utf8')
  const lines = text.split('\n').filter((line) => line !== '')
  return Array.from({ length: count }, (_, i) => lines[Math.floor((i * lines.length) / count)] ?? '')
}

type TrainingGoal = { seconds: number; heldSizes: readonly string[] }
const mostMegabytes = 500

/** What training on so many utterances of massive-ko takes, intents and slots: the quick model and the full one. */
async function measureTraining(count: number, { seconds, heldSizes }: TrainingGoal): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-intents-'))
  try {
    const path = join(folder, 'some.jsonl')
    writeFileSync(path, sampleOf('massive-ko', count).join('\n'))
    const files = { train: path, test: fileOf('massive-ko', 'dev') }
    const figures: Figure[] = []
    for (const size of ['quick', 'full']) {
      const report = await train(files, size === 'quick' ? ['--quick'] : [])
      const { intentSeconds, slotSeconds, peakMegabytes } = report.training
      const spent = intentSeconds + slotSeconds
      const name = `${count} utterances, ${size}`
      const time = plainFigure(`${name}, CPU of one thread`, spent, 's')
      const memory = plainFigure(`${name}, peak memory`, peakMegabytes, 'MB')
      figures.push(
        heldSizes.includes(size) ? judged(time, `≤ ${seconds} s`, spent <= seconds) : time,
        judged(memory, `≤ ${mostMegabytes} MB`, peakMegabytes <= mostMegabytes),
        ...fileFigures(name, [report]),
        plainFigure(`${name}, intents right`, 100 * report.accuracy, '%'),
      )
    }
    return figures
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * `npm run bench -- intents [--seeds N] [--set NAME] [--no-peers]`: the trainable intent and slot model on public sets, trained on
 * the train part and measured on the dev part, beside nlp.js as it comes and tuned; then what training takes. About twelve minutes,
 * most of them nlp.js's.
 */
export async function measureIntentSets(): Promise<Figure[]> {
  const { seeds, chosen, peers } = readOptions()
  const figures: Figure[] = []
  for (const set of chosen) {
    const measured = await measureSet(set, seeds, peers)
    figures.push(...qualityFigures(measured), ...costFigures(measured))
  }
  if (chosen.length < sets.length) return figures
  // The quick model is what the product trains its own requests with.
  figures.push(...(await measureTraining(10_000, { seconds: 30, heldSizes: ['quick'] })))
  figures.push(...(await measureTraining(3_000, { seconds: 60, heldSizes: ['quick', 'full'] })))
  return figures
}
