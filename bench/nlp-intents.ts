import { createRequire } from 'node:module'
import { type Example, outOfScopeIntent, readExamples } from '../src/nlu/index.ts'
import { quantile } from './figure.ts'
import { openNlp } from './nlp-container.ts'

// `node bench/nlp-intents.ts TRAIN TEST ko|en`: trains nlp.js twice, as it comes and tuned, and prints how well it reads the test
// file. A process of its own, so that its memory and its garbage are not ours.

/** How well nlp.js does. Seconds are of CPU; latency is of one text in milliseconds. */
export type NlpReport = { accuracy: number; cpuSeconds: number; p50: number; p99: number }

type Read = (text: string) => Promise<string | undefined>
type Network = {
  train(corpus: { input: Record<string, number>; output: Record<string, number> }[]): void
  run(input: Record<string, number>): Record<string, number>
}
type NetworkSettings = { learningRate: number; momentum: number; iterations: number }

const require = createRequire(import.meta.url)
const { NeuralNetwork } = require('@nlpjs/neural') as { NeuralNetwork: new (settings: NetworkSettings) => Network }
const tuned: NetworkSettings = { learningRate: 0.05, momentum: 0, iterations: 100 }

/** In an order that nothing hangs on: nlp.js learns rows as they come, and files have an intent's rows together. */
function shuffled(examples: readonly Example[]): Example[] {
  let state = 1
  const keyed = examples.map((example) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return { example, key: state }
  })
  return keyed.sort((a, b) => a.key - b.key).map(({ example }) => example)
}

async function trainDefault(examples: readonly Example[], language: string): Promise<Read> {
  const { nlp } = await openNlp()
  // Its own word for what belongs to no intent.
  for (const { text, intent } of examples)
    nlp.addDocument(language, text, intent === outOfScopeIntent ? 'None' : intent)
  await nlp.train()
  return async (text) => (await nlp.process(language, text)).intent
}

async function trainTuned(examples: readonly Example[], language: string): Promise<Read> {
  const { container } = await openNlp()
  const [tokenize, stem] = [container.get('tokenize'), container.get('stem')]
  const readTokens = async (text: string) => {
    const input = { locale: language, text: text.toLowerCase() }
    const { tokens: words } = await tokenize.run(input)
    // What serves it better: its stems help it in English and cost it a point in Korean.
    const tokens = language === 'en' ? (await stem.run({ ...input, tokens: words })).tokens : words
    return Object.fromEntries(tokens.map((token) => [token, 1]))
  }
  const corpus = []
  for (const { text, intent } of examples) corpus.push({ input: await readTokens(text), output: { [intent]: 1 } })
  const network = new NeuralNetwork(tuned)
  network.train(corpus)
  return async (text) => {
    let best: [string | undefined, number] = [undefined, Number.NEGATIVE_INFINITY]
    for (const [intent, score] of Object.entries(network.run(await readTokens(text))))
      if (intent !== outOfScopeIntent && score > best[1]) best = [intent, score]
    return best[0]
  }
}

async function measure(train: () => Promise<Read>, test: readonly Example[]): Promise<NlpReport> {
  const before = process.cpuUsage()
  const read = await train()
  const { user, system } = process.cpuUsage(before)
  const inside = test.filter(({ intent }) => intent !== outOfScopeIntent)
  let right = 0
  for (const { text, intent } of inside) if ((await read(text)) === intent) right += 1
  const times: number[] = []
  for (const { text } of inside) {
    // A blank more, for it keeps what it has cut up before.
    const startedAt = performance.now()
    await read(`${text} `)
    times.push(performance.now() - startedAt)
  }
  const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)]
  return { accuracy: right / inside.length, cpuSeconds: (user + system) / 1e6, p50, p99 }
}

const [trainPath = '', testPath = '', language = 'ko'] = process.argv.slice(2)
const examples = shuffled(readExamples(trainPath))
const test = readExamples(testPath)
const asItComes = await measure(() => trainDefault(examples, language), test)
const asTuned = await measure(() => trainTuned(examples, language), test)
console.log(JSON.stringify({ default: asItComes, tuned: asTuned }))
