import { createHash } from 'node:crypto'
import type { DataRow, Origin } from './dataset.ts'
import { groupAlike } from './near-duplicates.ts'

/** A labelled shape before it has a place. */
export type LabelledShape = { text: string; intent: string; origin: Origin }

/** Whose label counts when several say something about one sentence. */
const weight: Record<Origin, number> = { reviewed: 3, 'built-in': 2, collected: 1 }
/** Of what people did, a label takes no more rows than so many times those that the program brings for it. */
const mostCollectedShare = 1
const leastCollectedRoom = 200
/** One group in so many is held out to measure by. */
const testEvery = 5

const numberOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32LE(0)

/** Each sentence once, with the label that most weight speaks for; one that is disputed among equals is left out. */
function settleLabels(shapes: readonly LabelledShape[]): LabelledShape[] {
  const byText = Map.groupBy(shapes, ({ text }) => text)
  return [...byText.values()].flatMap((all) => {
    const most = Math.max(...all.map(({ origin }) => weight[origin]))
    const best = all.filter(({ origin }) => weight[origin] === most)
    const [first] = best
    return first && best.every(({ intent }) => intent === first.intent) ? [first] : []
  })
}

/** Keeps what was collected from outweighing what the program brings: a random but fixed part of each label stays. */
function balance(rows: readonly LabelledShape[]): LabelledShape[] {
  const builtIn = Map.groupBy(
    rows.filter(({ origin }) => origin === 'built-in'),
    ({ intent }) => intent,
  )
  const collected = Map.groupBy(
    rows.filter(({ origin }) => origin === 'collected'),
    ({ intent }) => intent,
  )
  const kept = [...collected].flatMap(([intent, all]) => {
    const room = Math.max(leastCollectedRoom, mostCollectedShare * (builtIn.get(intent)?.length ?? 0))
    return all.toSorted((a, b) => numberOf(a.text) - numberOf(b.text)).slice(0, room)
  })
  return [...rows.filter(({ origin }) => origin !== 'collected'), ...kept]
}

/**
 * A data set of labelled shapes: each once, balanced, and parted by meaning. A group that has a sentence of the program's is learned
 * from as a whole; of the others one in five is held out as a whole, so that nothing is measured by what it was learned from. The
 * same shapes give the same rows, whatever order they come in.
 */
export async function prepareRows(shapes: readonly LabelledShape[]): Promise<DataRow[]> {
  const rows = balance(settleLabels(shapes)).toSorted((a, b) => (a.text < b.text ? -1 : 1))
  const groups = await groupAlike(rows.map(({ text }) => text))
  const members = Map.groupBy(
    rows.map((row, i) => ({ row, group: groups[i] as number })),
    ({ group }) => group,
  )
  const isTest = new Map(
    [...members].map(([group, all]) => {
      const isKnown = all.some(({ row }) => row.origin === 'built-in')
      return [group, !isKnown && numberOf(all[0]?.row.text ?? '') % testEvery === 0]
    }),
  )
  return rows.map((row, i) => {
    const group = groups[i] as number
    return { ...row, group, split: isTest.get(group) ? 'test' : 'train' }
  })
}
