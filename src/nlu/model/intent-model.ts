import { FeatureSpace, type FeatureTable } from './features/feature-space.ts'
import { softmax } from './intent/calibrate.ts'
import { type Certainty, certaintyOf } from './intent/certainty.ts'
import { mostWords } from './intent/convolution.ts'
import { chanceOf } from './intent/fit-near.ts'
import { createScorer, type Member } from './intent/members.ts'
import { type DoubtWeights, describeDoubt, doubtSigns } from './intent/out-of-scope.ts'
import type { Scorer } from './intent/scorer.ts'

/** What was learnt, in plain values and arrays. */
export type IntentParts = {
  /** The intents; a member that scores one label more scores `out_of_scope` last. */
  readonly intents: readonly string[]
  readonly hasOutside: boolean
  readonly features: FeatureTable
  readonly members: readonly Member[]
  /** Sharpens the members' average, which is less sure than it may be. */
  readonly temperature: number
  /** How sure to be of the best intent, given its share of the average. */
  readonly certainty: Certainty
  readonly doubt: DoubtWeights
  /** A text is out of scope from this doubt on. */
  readonly threshold: number
  /** Settings, the training set's hash, held-out metrics. */
  readonly facts: Readonly<Record<string, unknown>>
}

type RankedIntent = { intent: string; probability: number }

/** What a text was taken for. The probabilities of `ranked`, best first, sum to 1 given that the text is in scope. */
export type Classification = {
  ranked: RankedIntent[]
  /** The probability that the text belongs to no intent. */
  outOfScope: number
  isOutOfScope: boolean
}

const floor = 1e-12

/** The place of the largest of the values but that of `but`; -1 when there is none. Of equal ones the first. */
function largest(values: Float64Array, but = -1): number {
  let best = -1
  for (let i = 0; i < values.length; i += 1)
    if (i !== but && (best < 0 || (values[i] as number) > (values[best] as number))) best = i
  return best
}

/** Gives the best intent the probability that it is right, and the others in proportion what is left. They keep their order. */
function rateBest(probabilities: Float64Array, certainty: Certainty): void {
  const best = largest(probabilities)
  const second = largest(probabilities, best)
  if (second < 0) return
  const rest = 1 - (probabilities[best] as number)
  if (rest <= 0) return
  const least = (probabilities[second] as number) / (rest + (probabilities[second] as number))
  const sure = Math.max(least, certaintyOf(probabilities[best] as number, certainty))
  const share = (1 - sure) / rest
  for (let i = 0; i < probabilities.length; i += 1) probabilities[i] = (probabilities[i] as number) * share
  probabilities[best] = sure
}

/** Classifies texts by the average of its members' probabilities. Not to be shared between threads. */
export class IntentModel {
  readonly parts: IntentParts
  readonly #space: FeatureSpace
  readonly #members: { score: Scorer['score']; temperature: number }[]
  readonly #readsWords: boolean
  readonly #scores: Float32Array
  readonly #chances: Float32Array
  readonly #average: Float32Array
  readonly #probabilities: Float64Array
  readonly #signs = new Float64Array(doubtSigns)

  constructor(parts: IntentParts) {
    this.parts = parts
    this.#space = new FeatureSpace(parts.features)
    this.#members = parts.members.map((member) => ({ ...createScorer(member), temperature: member.temperature }))
    this.#readsWords = parts.members.some(({ kind }) => kind === 'cnn')
    const labelCount = parts.intents.length + (parts.hasOutside ? 1 : 0)
    this.#scores = new Float32Array(labelCount)
    this.#chances = new Float32Array(labelCount)
    this.#average = new Float32Array(labelCount)
    this.#probabilities = new Float64Array(parts.intents.length)
  }

  get intents(): readonly string[] {
    return this.parts.intents
  }

  /** Takes any text, an empty one too; whether it holds names or ①②③④ in their place. */
  classify(text: string): Classification {
    const { probabilities, outOfScope } = this.rate(text)
    const ranked = this.parts.intents
      .map((intent, i) => ({ intent, probability: probabilities[i] as number }))
      .sort((a, b) => b.probability - a.probability)
    return { ranked, outOfScope, isOutOfScope: outOfScope >= this.parts.threshold }
  }

  /** As {@link classify}, unranked: a probability for each of `intents`, overwritten by the next text. */
  rate(text: string): { readonly probabilities: Float64Array; outOfScope: number } {
    const { intents, temperature, certainty, doubt } = this.parts
    const row = this.#space.encode(text)
    this.#averageMembers({ row, words: this.#readsWords ? this.#space.encodeWords(text, mostWords) : [] })
    const average = this.#average
    for (let i = 0; i < average.length; i += 1)
      this.#scores[i] = Math.log(Math.max(floor, (average[i] as number) / this.#members.length))
    softmax(this.#scores, temperature, this.#chances)
    describeDoubt(this.#chances, intents.length, row.unknown, this.#signs)
    const outOfScope = chanceOf(this.#signs, doubt)
    let inside = 0
    for (let i = 0; i < intents.length; i += 1) inside += this.#chances[i] as number
    const probabilities = this.#probabilities
    for (let i = 0; i < intents.length; i += 1)
      probabilities[i] = (this.#chances[i] as number) / Math.max(floor, inside)
    rateBest(probabilities, certainty)
    return { probabilities, outOfScope }
  }

  #averageMembers(encoded: Parameters<Scorer['score']>[0]): void {
    const average = this.#average.fill(0)
    for (const member of this.#members) {
      member.score(encoded, this.#scores)
      softmax(this.#scores, member.temperature, this.#chances)
      for (let i = 0; i < average.length; i += 1) average[i] = (average[i] as number) + (this.#chances[i] as number)
    }
  }
}
