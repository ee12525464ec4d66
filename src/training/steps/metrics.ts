import { areaUnderCurve, calibrationError, type IntentModel } from '#nlu'

/** How well a model reads. Shares are 0…1; null is what there were no rows for. */
export type Metrics = {
  /** On rows held out of its data: the label whole, the label's kind, and each label's F1. */
  heldOut: {
    rows: number
    accuracy: number | null
    kindAccuracy: number | null
    f1: Record<string, number>
    /** Expected calibration error of the best label. */
    ece: number | null
    /** Of what must be declined, the share that is; of what must not be, the share that is declined all the same. */
    declined: number | null
    wronglyDeclined: number | null
    /** How well doubt tells the two apart. */
    auroc: number | null
    /** The commonest mix-ups. */
    confusion: { expected: string; predicted: string; count: number }[]
  }
  /** The golden questions, read as in service: whole, and the F1 of each part of their queries. */
  golden: {
    rows: number
    exact: number | null
    /** Answered with another query, or answered at all when it must not be. */
    answeredWrongly: number | null
    parts: Record<string, number>
  }
  /** Processor time of one reading of a golden question. */
  latencyMicros: { p50: number; p99: number }
}

export type Labelled = { text: string; intent: string }

const talk = ['greeting', 'thanks', 'help', 'write', 'ask']
/** Labels that name something the ERP cannot tell are all of one kind. */
export function kindOf(label: string): string {
  if (label.includes('.')) return 'ask'
  return talk.includes(label) ? label : 'declined'
}

const mostConfused = 20

export const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : round(part / whole))
const round = (value: number): number => Math.round(value * 1e4) / 1e4

/** F1 of pairs of what was expected and what was found, by label; undefined stands for nothing. */
export function scoreF1(
  pairs: readonly { expected: string | undefined; found: string | undefined; label: string }[],
): Record<string, number> {
  const counts = new Map<string, { right: number; all: number }>()
  for (const { expected, found, label } of pairs) {
    const count = counts.get(label) ?? { right: 0, all: 0 }
    if (expected !== undefined) count.all += 1
    if (found !== undefined) count.all += 1
    if (expected !== undefined && expected === found) count.right += 1
    counts.set(label, count)
  }
  return Object.fromEntries(
    [...counts].sort().flatMap(([label, { right, all }]) => (all === 0 ? [] : [[label, round((2 * right) / all)]])),
  )
}

type Read = { expected: string; predicted: string; confidence: number; doubt: number }

/** Reads rows with a model and counts. `pause` is awaited now and then, so that others get their turn. */
export async function measureHeldOut(
  model: IntentModel,
  rows: readonly Labelled[],
  pause: () => Promise<void>,
): Promise<Metrics['heldOut']> {
  const reads: Read[] = []
  for (const { text, intent } of rows) {
    if (reads.length % 100 === 0) await pause()
    const { ranked, outOfScope } = model.classify(text)
    const [best] = ranked
    reads.push({
      ...{ expected: intent, predicted: best?.intent ?? '', confidence: best?.probability ?? 0, doubt: outOfScope },
    })
  }
  const isDeclined = (label: string) => kindOf(label) === 'declined'
  const outside = reads.filter(({ expected }) => isDeclined(expected))
  const inside = reads.filter(({ expected }) => !isDeclined(expected))
  const right = reads.filter(({ expected, predicted }) => expected === predicted)
  const hasBoth = outside.length > 0 && inside.length > 0
  return {
    rows: reads.length,
    accuracy: shareOf(right.length, reads.length),
    kindAccuracy: shareOf(
      reads.filter((read) => kindOf(read.expected) === kindOf(read.predicted)).length,
      reads.length,
    ),
    f1: scoreF1(reads.flatMap(labelPairs)),
    ece:
      reads.length === 0
        ? null
        : round(
            calibrationError(
              reads.map((read) => ({ confidence: read.confidence, right: read.expected === read.predicted })),
            ),
          ),
    declined: shareOf(outside.filter(({ predicted }) => isDeclined(predicted)).length, outside.length),
    wronglyDeclined: shareOf(inside.filter(({ predicted }) => isDeclined(predicted)).length, inside.length),
    auroc: hasBoth
      ? round(
          areaUnderCurve(
            outside.map(({ doubt }) => doubt),
            inside.map(({ doubt }) => doubt),
          ),
        )
      : null,
    confusion: confusionOf(reads),
  }
}

/** A wrong label is one that is missing and another that is too many. */
function labelPairs({ expected, predicted }: Read): Parameters<typeof scoreF1>[0] {
  if (expected === predicted) return [{ expected, found: predicted, label: expected }]
  return [
    { expected, found: undefined, label: expected },
    { expected: undefined, found: predicted, label: predicted },
  ]
}

function confusionOf(reads: readonly Read[]): Metrics['heldOut']['confusion'] {
  const wrong = reads.filter(({ expected, predicted }) => expected !== predicted)
  const groups = Map.groupBy(wrong, ({ expected, predicted }) => `${expected} ${predicted}`)
  return [...groups.values()]
    .map((all) => ({ expected: all[0]?.expected ?? '', predicted: all[0]?.predicted ?? '', count: all.length }))
    .sort((a, b) => b.count - a.count)
    .slice(0, mostConfused)
}
