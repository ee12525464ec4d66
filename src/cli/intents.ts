import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Example, ExampleFault, outOfScopeIntent, readExamples, saveIntentModel, saveSlotModel } from '#nlu'
import { type IntentsReport, measureIntents, trainBoth } from './measure-intents.ts'

// `npm run -s intents -- --train FILE.jsonl --test FILE.jsonl`: trains the product's own intent and slot model on any labelled
// utterances and says how well it reads others. `--save FILE` keeps the intents in FILE and the slots in FILE.slots.
const usage =
  'usage: npm run -s intents -- --train FILE.jsonl[.gz] --test FILE.jsonl[.gz] [--json] [--quick] [--seed N] [--save FILE]'

function fail(problem: string): never {
  console.error(problem)
  process.exit(2)
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        train: { type: 'string' },
        test: { type: 'string' },
        json: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        seed: { type: 'string', default: '1' },
        save: { type: 'string' },
      },
    }).values
  } catch (error) {
    return fail(`${error instanceof Error ? error.message.split('. ')[0] : error}. ${usage}`)
  }
}

function readFile(path: string): Example[] {
  if (!existsSync(path)) fail(`${path}: there is no such file`)
  try {
    const examples = readExamples(path)
    return examples.some(({ intent }) => intent !== outOfScopeIntent)
      ? examples
      : fail(`${path}: no example of an intent`)
  } catch (error) {
    if (error instanceof ExampleFault) fail(error.message)
    return fail(`${path}: cannot be read (${error instanceof Error ? error.message : error})`)
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

function print(report: IntentsReport): void {
  const { examples, accuracy, ece, eceByChance, outOfScope, slots, training, model, latencyMicros } = report
  const lines: [string, string][] = [
    ['examples', `${examples.train} to train, ${examples.test} to test, ${examples.intents} intents`],
    ['intent accuracy', percent(accuracy)],
    ['calibration error (ECE)', `${ece.toFixed(4)} (a perfect one by chance ${eceByChance.toFixed(4)})`],
    ...(outOfScope
      ? ([
          ['out of scope, refused', percent(outOfScope.recall)],
          ['  with 93 % in scope right', percent(outOfScope.recallAt93)],
          ['  AUROC', outOfScope.auroc.toFixed(4)],
        ] as [string, string][])
      : []),
    ...(slots
      ? ([
          ['slot F1', `${percent(slots.f1)} (precision ${percent(slots.precision)}, recall ${percent(slots.recall)})`],
        ] as [string, string][])
      : []),
    [
      'training',
      `${training.intentSeconds.toFixed(1)} s of CPU intents, ${training.slotSeconds.toFixed(1)} s slots, peak ${Math.round(training.peakMegabytes)} MB`,
    ],
    [
      'models',
      `${model.intentMegabytes.toFixed(1)} MB intents, ${model.slotMegabytes.toFixed(1)} MB slots, load in ${model.loadMs} ms`,
    ],
    [
      'one reading',
      `p50 ${latencyMicros.p50} µs, p99 ${latencyMicros.p99} µs (texts by the middle of five: ${latencyMicros.p99OfMiddles} µs)`,
    ],
  ]
  for (const [label, value] of lines) console.log(`${label.padEnd(28)} ${value}`)
}

const options = readOptions()
if (!options.train || !options.test) fail(usage)
if (!/^\d{1,9}$/.test(options.seed)) fail(`--seed: '${options.seed}' is no whole number. ${usage}`)
const train = readFile(options.train)
const test = readFile(options.test)
const trained = trainBoth(train, { seed: Number(options.seed), size: options.quick ? 'quick' : 'full' })
if (options.save) {
  saveIntentModel(trained.intents, options.save)
  if (trained.slots) saveSlotModel(trained.slots, `${options.save}.slots`)
}
const report = measureIntents(trained, train, test)
if (options.json) console.log(JSON.stringify(report))
else print(report)
