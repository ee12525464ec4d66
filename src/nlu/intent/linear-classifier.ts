/** Probabilities by label, most likely first. */
type Ranked<L extends string> = { label: L; probability: number }[]

/** A trained classifier. */
export type Classifier<L extends string> = { classify(features: readonly string[]): Ranked<L> }

export type Example<L extends string> = { label: L; features: string[] }

const epochs = 30
const firstRate = 0.5
const decay = 1e-4
const smoothing = 0.05

function softmax(scores: Float64Array): Float64Array {
  const top = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - top))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}

/** A fixed sequence, so that the same examples always make the same model. */
function shuffled(count: number, seed: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  let state = seed
  for (let i = count - 1; i > 0; i -= 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    const j = state % (i + 1)
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
  return order
}

/** Softmax regression by stochastic gradient, classes weighted evenly. Deterministic; a thousand short texts take about 0.2 s. */
export function trainClassifier<L extends string>(examples: readonly Example<L>[]): Classifier<L> {
  const labels = [...new Set(examples.map(({ label }) => label))]
  const counts = new Map<string, number>()
  for (const { features } of examples)
    for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1)
  const index = new Map<string, number>()
  for (const feature of counts.keys()) index.set(feature, index.size)
  const weights = labels.map(() => new Float32Array(index.size + 1))
  const rows = examples.map(({ label, features }) => ({ label: labels.indexOf(label), ids: idsOf(features) }))
  const share = labels.map(
    (_, l) => rows.length / (labels.length * Math.max(1, rows.filter((row) => row.label === l).length)),
  )

  function idsOf(features: readonly string[]): Int32Array {
    return Int32Array.from(features.flatMap((feature) => index.get(feature) ?? []))
  }
  function scoresOf(ids: Int32Array): Float64Array {
    const scale = 1 / Math.sqrt(Math.max(1, ids.length))
    return Float64Array.from(weights, (row) => {
      let sum = row[index.size] ?? 0
      for (const id of ids) sum += (row[id] ?? 0) * scale
      return sum
    })
  }

  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const rate = firstRate / (1 + 0.15 * epoch)
    for (const at of shuffled(rows.length, epoch + 1)) {
      const row = rows[at]
      if (row) learn(row, rate)
    }
  }

  function learn({ label, ids }: { label: number; ids: Int32Array }, rate: number): void {
    const probabilities = softmax(scoresOf(ids))
    const scale = 1 / Math.sqrt(Math.max(1, ids.length))
    weights.forEach((row, l) => {
      const target = l === label ? 1 - smoothing : smoothing / (labels.length - 1)
      const step = rate * (share[label] ?? 1) ** 0.5 * (target - (probabilities[l] ?? 0))
      row[index.size] = (row[index.size] ?? 0) + 0.1 * step
      for (const id of ids) row[id] = (row[id] ?? 0) * (1 - decay) + step * scale
    })
  }

  return {
    classify(features) {
      const probabilities = softmax(scoresOf(idsOf(features)))
      return labels
        .map((label, l) => ({ label, probability: probabilities[l] ?? 0 }))
        .sort((a, b) => b.probability - a.probability)
    },
  }
}
