import { PathFinder } from './best-path.ts'
import { FeatureIndex } from './feature-index.ts'
import { addOutputs, hiddenWidth } from './hidden-scorer.ts'
import { Lattice, type Steps } from './lattice.ts'
import { findPhrases, type PhraseBook } from './phrase-book.ts'
import { spansOf } from './slot-labels.ts'
import { splitTokens, type Token } from './split-tokens.ts'
import { type Features, featuresOf } from './token-features.ts'

/** A slot found in a text: UTF-16 offsets, end exclusive. `probability` is that of exactly this span with this slot. */
type SlotSpan = { start: number; end: number; slot: string; probability: number }

/** What is known of a text beside its letters. `intent`: as predicted, from the names that the model was trained with. */
type SlotContext = { intent?: string | undefined }

export type SlotModel = {
  readonly slots: readonly string[]
  readonly parts: SlotParts
  /** Rising, not overlapping. Never throws; reads at most the first 400 tokens. */
  tag(text: string, context?: SlotContext): SlotSpan[]
}

/**
 * What a model is made of. Pairs of label and weight of feature f are `starts[f]`…`starts[f + 1]`, weights in units of `unit`;
 * `hidden` is `[feature × 32]` and, already in the units of scores, `[32 × label]`.
 */
export type SlotParts = {
  slots: readonly string[]
  unit: number
  hashes: Int32Array
  starts: Int32Array
  pairs: Int32Array
  hidden: { embeddings: Int8Array; outputs: Float32Array }
  steps: Steps
  book: PhraseBook
}

const mostTokens = 400
// Dropout and rare words make a chain shy of naming slots; this much is taken off `outside` before the best path is chosen.
const outsideHandicap = 0.15

/** A label below 32,768 and a weight of 16 bits as one number. */
export function packPair(label: number, weight: number): number {
  return (label << 16) | (weight & 0xffff)
}

export function labelOfPair(pair: number): number {
  return pair >>> 16
}

class Tagger {
  private readonly parts: SlotParts
  private readonly index: FeatureIndex
  private readonly lattice: Lattice
  private readonly paths: PathFinder
  private readonly hidden = new Int32Array(hiddenWidth)
  private emissions = new Float64Array(0)

  constructor(parts: SlotParts) {
    this.parts = parts
    this.index = new FeatureIndex(parts.hashes.length)
    for (const hash of parts.hashes) this.index.add(hash)
    this.lattice = new Lattice(parts.slots.length)
    this.lattice.setSteps(parts.steps)
    this.paths = new PathFinder(parts.steps)
  }

  tag(text: string, { intent }: SlotContext): SlotSpan[] {
    const tokens = splitTokens(text, mostTokens)
    if (tokens.length === 0 || this.parts.slots.length === 0) return []
    const size = tokens.length * this.lattice.labels
    if (this.emissions.length < size) this.emissions = new Float64Array(size * 2)
    this.emissions.fill(0, 0, size)
    const features = featuresOf({ tokens, intent, found: findPhrases(this.parts.book, tokens) })
    for (let t = 0; t < tokens.length; t += 1) this.scoreToken(features, t)
    this.lattice.sum(this.emissions, tokens.length)
    for (let t = 0; t < tokens.length; t += 1) {
      const at = t * this.lattice.labels
      this.emissions[at] = (this.emissions[at] as number) - outsideHandicap
    }
    return spansOf(this.paths.find(this.emissions, tokens.length)).map(({ from, to, slot }) => ({
      start: (tokens[from] as Token).start,
      end: (tokens[to] as Token).end,
      slot: this.parts.slots[slot] as string,
      probability: this.lattice.spanProbability(from, to, slot),
    }))
  }

  private scoreToken({ starts, hashes }: Features, t: number): void {
    this.hidden.fill(0)
    for (let i = starts[t] as number; i < (starts[t + 1] as number); i += 1) {
      const feature = this.index.find(hashes[i] as number)
      if (feature !== -1) this.addFeature(feature, t * this.lattice.labels)
    }
    const base = t * this.lattice.labels
    addOutputs(this.parts.hidden.outputs, this.hidden, this.emissions.subarray(base, base + this.lattice.labels))
  }

  private addFeature(feature: number, base: number): void {
    const { emissions, hidden } = this
    const { starts, pairs, unit, hidden: layer } = this.parts
    const e = feature * hiddenWidth
    for (let d = 0; d < hiddenWidth; d += 1) hidden[d] = (hidden[d] as number) + (layer.embeddings[e + d] as number)
    for (let p = starts[feature] as number; p < (starts[feature + 1] as number); p += 1) {
      const pair = pairs[p] as number
      const at = base + (pair >>> 16)
      emissions[at] = (emissions[at] as number) + ((pair << 16) >> 16) * unit
    }
  }
}

export function createSlotModel(parts: SlotParts): SlotModel {
  const tagger = new Tagger(parts)
  return { slots: parts.slots, parts, tag: (text, context = {}) => tagger.tag(text, context) }
}
