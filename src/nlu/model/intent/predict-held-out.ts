import { mostWords } from './convolution.ts'
import { dealFolds } from './hold-out.ts'
import { createScorer, type MemberKind } from './members.ts'
import { type LabelledTexts, type TrainingSettings, trainMembers } from './train-members.ts'

/** What members trained without a row said of it. */
export type HeldOutPredictions = {
  /** For each member `labelCount` scores a row. */
  readonly scores: readonly Float32Array[]
  readonly kinds: readonly MemberKind[]
  readonly labels: Int32Array
  readonly labelCount: number
  /** The share of each row's features that those members never saw. */
  readonly unknown: Float32Array
}

/** Cross-fitting: `runs` of `folds` parts of the data are each predicted by members trained on the rest. */
export type HoldOut = { readonly folds: number; readonly runs: number }

/** Trains one member of each kind on the rest and predicts each held-out part: its like behave as it does. */
export function predictHeldOut(data: LabelledTexts, settings: TrainingSettings, holdOut: HoldOut): HeldOutPredictions {
  const { texts, labels, labelCount } = data
  const folds = dealFolds(labels, holdOut.folds, settings.seed)
  const all = Array.from(texts, (_, row) => row)
  const held = all.filter((row) => (folds[row] as number) < holdOut.runs)
  const order: number[] = []
  const unknown = new Float32Array(held.length)
  const scores: Float32Array[] = []
  let kinds: MemberKind[] = []
  for (let run = 0; run < holdOut.runs; run += 1) {
    const kept = all.filter((row) => folds[row] !== run)
    const rest = { texts: kept.map((row) => texts[row] ?? ''), labels: pick(labels, kept), labelCount }
    const few = { ...settings, bags: Math.min(1, settings.bags), cnns: Math.min(1, settings.cnns) }
    const { space, members } = trainMembers(rest, few)
    const scorers = members.map(createScorer)
    kinds = members.map(({ kind }) => kind)
    for (const row of all) {
      if (folds[row] !== run) continue
      const text = texts[row] ?? ''
      const encoded = { row: space.encode(text), words: space.encodeWords(text, mostWords) }
      const start = order.length * labelCount
      unknown[order.length] = encoded.row.unknown
      for (const [i, scorer] of scorers.entries()) {
        scores[i] ??= new Float32Array(held.length * labelCount)
        scorer.score(encoded, scores[i].subarray(start, start + labelCount))
      }
      order.push(row)
    }
  }
  return { scores, kinds, labels: pick(labels, order), labelCount, unknown }
}

const pick = (labels: Int32Array, rows: number[]): Int32Array => Int32Array.from(rows, (row) => labels[row] as number)
