import { fitTemperature, softmax } from './calibrate.ts'
import { type Certainty, fitCertainty } from './certainty.ts'
import type { MemberKind } from './members.ts'
import {
  chooseThreshold,
  type DoubtRows,
  type DoubtWeights,
  describeDoubt,
  doubtSigns,
  fitDoubt,
  plainDoubt,
} from './out-of-scope.ts'
import type { HeldOutPredictions } from './predict-held-out.ts'

/** What held-out predictions teach about reading a model's scores. */
export type Calibration = {
  /** One for each kind of member. */
  readonly temperatures: Readonly<Partial<Record<MemberKind, number>>>
  readonly temperature: number
  readonly certainty: Certainty
  readonly doubt: DoubtWeights
  readonly threshold: number
  /** The share of held-out rows in scope whose best intent was right; NaN without rows. */
  readonly accuracy: number
}

const floor = 1e-12

/** How many members of each kind the model has: each has one vote. */
export type Votes = Readonly<Record<MemberKind, number>>

/** The logarithm of the average of the members' probabilities, `labelCount` a row. */
function averageScores(heldOut: HeldOutPredictions, temperatures: Calibration['temperatures'], votes: Votes) {
  const { scores, kinds, labels, labelCount } = heldOut
  const average = new Float32Array(labels.length * labelCount)
  const chances = new Float32Array(labelCount)
  const all = kinds.reduce((sum, kind) => sum + votes[kind], 0)
  for (const [member, own] of scores.entries()) {
    const kind = kinds[member] ?? 'linear'
    const share = votes[kind] / all
    for (let row = 0; row < labels.length; row += 1) {
      softmax(own, temperatures[kind] ?? 1, chances, row * labelCount)
      for (let i = 0; i < labelCount; i += 1) {
        const at = row * labelCount + i
        average[at] = (average[at] as number) + share * (chances[i] as number)
      }
    }
  }
  return average.map((chance) => Math.log(Math.max(floor, chance)))
}

type Rows = DoubtRows & {
  /** The best intent's probability, given that the row is in scope. */ readonly best: Float64Array
}

function describeRows(heldOut: HeldOutPredictions, average: Float32Array, intentCount: number, temperature: number) {
  const { labels, labelCount, unknown } = heldOut
  const rows: Rows = {
    signs: new Float64Array(labels.length * doubtSigns),
    isOutside: Uint8Array.from(labels, (label) => (label >= intentCount ? 1 : 0)),
    isRight: new Uint8Array(labels.length),
    best: new Float64Array(labels.length),
  }
  const chances = new Float32Array(labelCount)
  labels.forEach((label, row) => {
    softmax(average, temperature, chances, row * labelCount)
    const signs = rows.signs.subarray(row * doubtSigns, (row + 1) * doubtSigns)
    describeDoubt(chances, intentCount, unknown[row] as number, signs)
    const inside = chances.subarray(0, intentCount)
    const best = inside.reduce((most, chance) => Math.max(most, chance), 0)
    rows.isRight[row] = label < intentCount && best === (chances[label] as number) ? 1 : 0
    rows.best[row] = best / Math.max(floor, sumOf(inside))
  })
  return rows
}

const sumOf = (numbers: Float32Array | Uint8Array): number => {
  let sum = 0
  for (const one of numbers) sum += one
  return sum
}

/** Certainty is about rows in scope: what is outside has no right intent. */
function learnCertainty({ best, isRight, isOutside }: Rows): Certainty {
  const inside = Array.from(best, (_, row) => row).filter((row) => isOutside[row] === 0)
  return fitCertainty(
    inside.map((row) => best[row] as number),
    Uint8Array.from(inside, (row) => isRight[row] as number),
  )
}

/**
 * Learns temperatures, certainty, the weights of doubt and the out-of-scope threshold from held-out predictions. Labels from
 * `intentCount` on are out of scope. `loss` is the share of rows in scope that may be refused though their intent is right.
 */
export function calibrateModel(
  heldOut: HeldOutPredictions,
  intentCount: number,
  { votes, loss }: { votes: Votes; loss: number },
): Calibration {
  const { scores, kinds, labels, labelCount } = heldOut
  const temperatures = Object.fromEntries(
    scores.map((own, i) => [kinds[i] ?? 'linear', fitTemperature({ scores: own, labels, labelCount })]),
  )
  const average = averageScores(heldOut, temperatures, votes)
  const temperature = scores.length > 1 ? fitTemperature({ scores: average, labels, labelCount }) : 1
  const rows = describeRows(heldOut, average, intentCount, temperature)
  const inside = labels.length - sumOf(rows.isOutside)
  const hasOutside = inside < labels.length
  const doubt = hasOutside ? fitDoubt(rows) : plainDoubt
  return {
    temperatures,
    temperature,
    certainty: learnCertainty(rows),
    doubt,
    threshold: chooseThreshold(rows, doubt, loss),
    accuracy: sumOf(rows.isRight) / inside,
  }
}
