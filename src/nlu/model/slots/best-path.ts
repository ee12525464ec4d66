import type { Steps } from './lattice.ts'
import { labelCount } from './slot-labels.ts'

type Table = { steps: Steps; emissions: Float64Array; scores: Float64Array; from: Int32Array }

/** Best opening of token t: over all labels that may come before, per opening. Writes scores and where they came from. */
function openings({ steps, scores }: Table, t: number, best: Float64Array, from: Int32Array): void {
  const { slots, between } = steps
  const [width, labels] = [slots + 1, labelCount(slots)]
  if (t === 0) {
    best.set(between.subarray(width * width))
    from.fill(-1)
    return
  }
  best.fill(Number.NEGATIVE_INFINITY)
  const base = (t - 1) * labels
  for (let x = 0; x < width; x += 1) {
    const [closed, alone] = [base + 4 * x - 1, base + 4 * x]
    const label = x > 0 && (scores[closed] as number) > (scores[alone] as number) ? 4 * x - 1 : 4 * x
    const score = scores[base + label] as number
    if (score === Number.NEGATIVE_INFINITY) continue
    for (let y = 0; y < width; y += 1) {
      const reached = score + (between[x * width + y] as number)
      if (reached > (best[y] as number)) {
        best[y] = reached
        from[y] = label
      }
    }
  }
}

function fillWithin({ steps, emissions, scores, from }: Table, t: number): void {
  const labels = labelCount(steps.slots)
  for (let s = 0; s < steps.slots; s += 1)
    for (const kind of [2, 3]) {
      const at = t * labels + 4 * s + kind
      const begun = t > 0 ? (scores[at - kind + 1 - labels] as number) : Number.NEGATIVE_INFINITY
      const gone = t > 0 ? (scores[at - kind + 2 - labels] as number) : Number.NEGATIVE_INFINITY
      const a = begun + (steps.within[4 * s + kind - 2] as number)
      const b = gone + (steps.within[4 * s + kind] as number)
      scores[at] = Math.max(a, b) + (emissions[at] as number)
      from[at] = 4 * s + (a >= b ? 1 : 2)
    }
}

function bestEnd({ steps, scores }: Table, length: number): number {
  const last = (length - 1) * labelCount(steps.slots)
  let best = 0
  for (let x = 1; x <= steps.slots; x += 1)
    for (const end of [4 * x - 1, 4 * x])
      if ((scores[last + end] as number) > (scores[last + best] as number)) best = end
  return best
}

/** The best legal path of labels (Viterbi) for emission scores `[token × labels]`. */
export function findBestPath(steps: Steps, emissions: Float64Array, length: number): Uint16Array {
  const labels = labelCount(steps.slots)
  const table = { steps, emissions, scores: new Float64Array(length * labels), from: new Int32Array(length * labels) }
  const best = new Float64Array(steps.slots + 1)
  const origin = new Int32Array(steps.slots + 1)
  for (let t = 0; t < length; t += 1) {
    openings(table, t, best, origin)
    for (let label = 0; label < labels; label += label % 4 === 0 ? 1 : 3) {
      const y = Math.ceil(label / 4)
      table.scores[t * labels + label] = (best[y] as number) + (emissions[t * labels + label] as number)
      table.from[t * labels + label] = origin[y] as number
    }
    fillWithin(table, t)
  }
  const path = new Uint16Array(length)
  let label = bestEnd(table, length)
  for (let t = length - 1; t >= 0; t -= 1) {
    path[t] = label
    label = table.from[t * labels + label] as number
  }
  return path
}
