import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadCatalog } from '../src/catalog/index.ts'
import {
  areaUnderCurve,
  buildNameIndex,
  calibrationError,
  createUnderstanding,
  type DialogueState,
  type ExpectedReading,
  isSameReading,
  type Understanding,
} from '../src/nlu/index.ts'
import { benchDay, demoNames } from './erp-questions.ts'
import { type Figure, judged, plainFigure } from './figure.ts'

const ownFile = 'nlu-training/held-out.jsonl'

type Turn = { text: string; expect: ExpectedReading }
type Line = Turn | { turns: Turn[] }
type Read = { expect: ExpectedReading; got: Understanding; isRight: boolean }

/** The labelled questions and dialogues of a file: `{text, expect}` or `{turns: [{text, expect}]}` a line. */
function readLines(path: string): Turn[][] {
  if (!existsSync(path)) {
    console.error(`${path}: there is no such file`)
    process.exit(2)
  }
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Line)
    .map((line) => ('turns' in line ? line.turns : [line]))
}

async function readAll(dialogues: readonly Turn[][]): Promise<Read[]> {
  const catalog = loadCatalog('catalog', 'demo-odata')
  const index = buildNameIndex(catalog, demoNames())
  const understand = createUnderstanding({ catalog, names: () => index })
  const reads: Read[] = []
  for (const turns of dialogues) {
    let state: DialogueState = {}
    for (const { text, expect } of turns) {
      const reply = await understand({ text, today: benchDay, state, language: 'ko' })
      state = reply.state
      reads.push({ expect, got: reply.understanding, isRight: isSameReading(expect, reply.understanding) })
    }
  }
  return reads
}

const percent = (part: number, whole: number): number => (whole === 0 ? 100 : (100 * part) / whole)

/**
 * Labelled questions read whole or not at all: `npm run bench -- questions --file LABELS.jsonl`; without a file those of the
 * repository, which nothing learns from. What is answered wrongly counts for itself: it is the worst that can happen.
 */
export async function measureQuestions(): Promise<Figure[]> {
  const { values } = parseArgs({ options: { file: { type: 'string', default: ownFile } }, strict: false })
  const path = String(values.file)
  const reads = await readAll(readLines(path))
  const right = reads.filter(({ isRight }) => isRight)
  const wrong = reads.filter(({ isRight }) => !isRight)
  const unanswerable = reads.filter(({ expect }) => ['out_of_scope', 'clarify'].includes(expect.intent))
  const declined = unanswerable.filter(({ got }) => got.query === undefined).length
  const confidences = (list: readonly Read[]) => list.map(({ got }) => got.confidence)
  const ece = calibrationError(reads.map(({ got, isRight }) => ({ confidence: got.confidence, right: isRight })))
  const exact = plainFigure(`${reads.length} utterances, exact`, percent(right.length, reads.length), '%')
  const kept = plainFigure('not answered when it must not be', percent(declined, unanswerable.length), '%')
  const isOwn = path === ownFile
  return [
    isOwn ? judged(exact, '>= 90', exact.value >= 90) : exact,
    isOwn ? judged(kept, '>= 97', kept.value >= 97) : kept,
    plainFigure('answered wrongly', percent(wrong.filter(({ got }) => got.query).length, reads.length), '%'),
    plainFigure('confidence, calibration error', ece, ''),
    plainFigure('confidence, right over wrong (AUROC)', areaUnderCurve(confidences(right), confidences(wrong)), ''),
  ]
}
