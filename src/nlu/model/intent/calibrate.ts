/** Scores of held-out rows, `labelCount` a row, and the label each row really has. */
export type HeldOut = { readonly scores: Float32Array; readonly labels: Int32Array; readonly labelCount: number }

/** Writes the softmax of `scores / temperature` into `into`, both from `start` on. */
export function softmax(scores: Float32Array, temperature: number, into: Float32Array, start = 0): void {
  const { length } = into
  let highest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < length; i += 1) highest = Math.max(highest, scores[start + i] as number)
  let sum = 0
  for (let i = 0; i < length; i += 1) {
    const power = Math.exp(((scores[start + i] as number) - highest) / temperature)
    into[i] = power
    sum += power
  }
  for (let i = 0; i < length; i += 1) into[i] = (into[i] as number) / sum
}

const floor = 1e-12

/** The mean negative log-likelihood, in nats, of the true labels at a temperature. */
function negativeLogLikelihood({ scores, labels, labelCount }: HeldOut, temperature: number): number {
  const chances = new Float32Array(labelCount)
  let sum = 0
  labels.forEach((label, row) => {
    softmax(scores, temperature, chances, row * labelCount)
    sum -= Math.log(Math.max(floor, chances[label] as number))
  })
  return labels.length === 0 ? 0 : sum / labels.length
}

/**
 * The temperature at which held-out rows are likeliest (Guo et al. 2017), between 0.01 and 10, by golden section on its
 * logarithm. 1 when there are no rows.
 */
export function fitTemperature(heldOut: HeldOut): number {
  if (heldOut.labels.length === 0) return 1
  const ratio = (Math.sqrt(5) - 1) / 2
  const lossAt = (logarithm: number) => negativeLogLikelihood(heldOut, Math.exp(logarithm))
  let [low, high] = [Math.log(0.01), Math.log(10)]
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)]
  let [atLeft, atRight] = [lossAt(left), lossAt(right)]
  for (let i = 0; i < 20; i += 1) {
    if (atLeft < atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - ratio * (high - low)
      atLeft = lossAt(left)
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + ratio * (high - low)
      atRight = lossAt(right)
    }
  }
  return Math.exp((low + high) / 2)
}
