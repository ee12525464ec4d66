import { FeatureSpace, type FeatureTable } from './features/feature-space.ts'
import { softmax } from './intent/calibrate.ts'
import { type Certainty, certaintyOf } from './intent/certainty.ts'
import { mostWords } from './intent/convolution.ts'
import { chanceOf } from './intent/fit-near.ts'
import { createScorer, type Member } from './intent/members.ts'
import { type DoubtWeights, describeDoubt, doubtSigns } from './intent/out-of-scope.ts'

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

export type RankedIntent = { intent: string; probability: number }

/** What a text was taken for. The probabilities of `ranked`, best first, sum to 1 given that the text is in scope. */
export type Classification = {
  ranked: RankedIntent[]
  /** The probability that the text belongs to no intent. */
  outOfScope: number
  isOutOfScope: boolean
}

const floor = 1e-12

/** Gives the best intent the probability that it is right, and the others in proportion what is left. They keep their order. */
function rateBest(ranked: RankedIntent[], certainty: Certainty): void {
  const [best, second] = ranked
  const rest = 1 - (best?.probability ?? 1)
  if (!best || !second || rest <= 0) return
  const least = second.probability / (rest + second.probability)
  const sure = Math.max(least, certaintyOf(best.probability, certainty))
  const share = (1 - sure) / rest
  for (const other of ranked) other.probability *= share
  best.probability = sure
}

/** Classifies texts by the average of its members' probabilities. Not to be shared between threads. */
export class IntentModel {
  readonly parts: IntentParts
  readonly #space: FeatureSpace
  readonly #members: { score: ReturnType<typeof createScorer>['score']; temperature: number }[]
  readonly #readsWords: boolean
  readonly #scores: Float32Array
  readonly #chances: Float32Array
  readonly #average: Float32Array
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
  }

  get intents(): readonly string[] {
    return this.parts.intents
  }

  /** Takes any text, an empty one too; whether it holds names or ①②③④ in their place. */
  classify(text: string): Classification {
    const { intents, temperature, certainty, doubt, threshold } = this.parts
    const row = this.#space.encode(text)
    const encoded = { row, words: this.#readsWords ? this.#space.encodeWords(text, mostWords) : [] }
    const average = this.#average.fill(0)
    for (const member of this.#members) {
      member.score(encoded, this.#scores)
      softmax(this.#scores, member.temperature, this.#chances)
      for (let i = 0; i < average.length; i += 1) average[i] = (average[i] as number) + (this.#chances[i] as number)
    }
    for (let i = 0; i < average.length; i += 1)
      this.#scores[i] = Math.log(Math.max(floor, (average[i] as number) / this.#members.length))
    softmax(this.#scores, temperature, this.#chances)
    describeDoubt(this.#chances, intents.length, row.unknown, this.#signs)
    const outOfScope = chanceOf(this.#signs, doubt)
    let inside = 0
    for (let i = 0; i < intents.length; i += 1) inside += this.#chances[i] as number
    const ranked = intents
      .map((intent, i) => ({ intent, probability: (this.#chances[i] as number) / Math.max(floor, inside) }))
      .sort((a, b) => b.probability - a.probability)
    rateBest(ranked, certainty)
    return { ranked, outOfScope, isOutOfScope: outOfScope >= threshold }
  }
}
