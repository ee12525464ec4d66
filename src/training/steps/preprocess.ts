import { setImmediate as breathe } from 'node:timers/promises'
import { createShaper, readRequestExamples, type Shaper } from '#nlu'
import { redactPersonal } from '#platform/redact-personal'
import type { LabelledTurn } from '../data/data-store.ts'
import { countRows, type Origin, writeRows } from '../data/dataset.ts'
import { similarityOf } from '../data/near-duplicates.ts'
import { type LabelledShape, prepareRows } from '../data/prepare-rows.ts'
import type { RunStep } from '../jobs/job-context.ts'

const pageSize = 500
/** Two questions that have less in common were about different things, however soon the second came. */
const leastAlike = 0.15
/** A shape of little but placeholders says nothing about how people speak. */
const leastLetters = 2
const shapingShare = 0.8

/**
 * Makes the job's data set: sentences without names, numbers and personal data, each once, balanced, and parted by meaning. It is kept
 * sealed, with the hash of its rows.
 */
export const preprocess: RunStep = async (context) => {
  const { data, job, catalog, readNames, openBuiltIn, now, signal, onProgress } = context
  const nameKinds = openBuiltIn().names
  const day = now().toISOString().slice(0, 10)
  const shaper = createShaper({ catalog, names: await readNames(), nameKinds, day })
  const shapes: LabelledShape[] = readRequestExamples().map(({ text, intent }) => ({
    text,
    intent,
    origin: 'built-in',
  }))
  for (const { text, label } of await data.readLabels())
    shapes.push(...shapesOf(shaper, text, { label, origin: 'reviewed' }))
  let after: string | undefined
  for (let page = 1; ; page += 1) {
    const turns = await data.readLabelled(after, pageSize)
    for (const [i, turn] of turns.entries()) {
      if (i % 50 === 0) await breathe()
      shapes.push(...shapesOfTurn(shaper, turn))
    }
    signal.throwIfAborted()
    onProgress(shapingShare * (1 - 1 / (page + 1)))
    after = turns.at(-1)?.turnId
    if (turns.length < pageSize) break
  }
  const rows = await prepareRows(shapes)
  const { datasetId, hash, counts } = await data.saveDataset(job.jobId, writeRows(rows), countRows(rows))
  return { kind: 'done', result: { datasetId, hash, counts } }
}

function shapesOfTurn(shaper: Shaper, { text, label, isReviewed, ledTo }: LabelledTurn): LabelledShape[] {
  if (!isReviewed && ledTo !== null && similarityOf(text, ledTo) < leastAlike) return []
  return shapesOf(shaper, text, { label, origin: isReviewed ? 'reviewed' : 'collected' })
}

/**
 * A sentence in both shapes. Without its catalog words, one about a topic is an ordinary question. One whose topic a word of the catalog
 * may say teaches no topic, unless a person said so.
 */
function shapesOf(shaper: Shaper, text: string, given: { label: string; origin: Origin }): LabelledShape[] {
  const { plain, spoken } = shaper(redactPersonal(text).replaceAll('[personal]', ' ').replace(/\s+/g, ' '))
  const { origin, label } = given
  const isTopic = label.includes('.')
  const labelOfSpoken = isTopic && plain !== spoken && origin !== 'reviewed' ? 'ask' : label
  const shapes = [{ text: spoken, intent: labelOfSpoken }]
  if (plain !== spoken) shapes.push({ text: plain, intent: isTopic ? 'ask' : label })
  return shapes.filter((shape) => lettersOf(shape.text) >= leastLetters).map((shape) => ({ ...shape, origin }))
}

const lettersOf = (shape: string): number => shape.match(/[가-힣a-z]/gi)?.length ?? 0
