import { findBestPath } from './best-path.ts'
import { FeatureIndex } from './feature-index.ts'
import { Lattice, type Steps } from './lattice.ts'
import { findPhrases, type PhraseBook } from './phrase-book.ts'
import { spansOf } from './slot-labels.ts'
import { splitTokens, type Token } from './split-tokens.ts'
import { featuresOf } from './token-features.ts'

/** A slot found in a text: UTF-16 offsets, end exclusive. `probability` is that of exactly this span with this slot. */
export type SlotSpan = { start: number; end: number; slot: string; probability: number }

/** What is known of a text beside its letters. `intent`: as predicted, from the names that the model was trained with. */
export type SlotContext = { intent?: string | undefined }

export type SlotModel = {
  readonly slots: readonly string[]
  readonly parts: SlotParts
  /** Rising, not overlapping. Never throws; reads at most the first 400 tokens. */
  tag(text: string, context?: SlotContext): SlotSpan[]
}

/** What a model is made of. Weights are in units of `unit`; pairs of feature f are `starts[f]`…`starts[f + 1]`. */
export type SlotParts = {
  slots: readonly string[]
  unit: number
  hashes: Int32Array
  starts: Int32Array
  labels: Uint16Array
  weights: Int16Array
  steps: Steps
  book: PhraseBook
}

const mostTokens = 400
// Dropout and rare words make a chain shy of naming slots; this much is taken off `outside` before the best path is chosen.
const outsideHandicap = 0.4

class Tagger {
  private readonly parts: SlotParts
  private readonly index: FeatureIndex
  private readonly lattice: Lattice
  private emissions = new Float64Array(0)

  constructor(parts: SlotParts) {
    this.parts = parts
    this.index = new FeatureIndex(parts.hashes.length)
    for (const hash of parts.hashes) this.index.add(hash)
    this.lattice = new Lattice(parts.slots.length)
    this.lattice.setSteps(parts.steps)
  }

  tag(text: string, { intent }: SlotContext): SlotSpan[] {
    const tokens = splitTokens(text, mostTokens)
    if (tokens.length === 0 || this.parts.slots.length === 0) return []
    this.score(tokens, intent)
    this.lattice.sum(this.emissions, tokens.length)
    for (let t = 0; t < tokens.length; t += 1) {
      const at = t * this.lattice.labels
      this.emissions[at] = (this.emissions[at] as number) - outsideHandicap
    }
    return spansOf(findBestPath(this.parts.steps, this.emissions, tokens.length)).map(({ from, to, slot }) => ({
      start: (tokens[from] as Token).start,
      end: (tokens[to] as Token).end,
      slot: this.parts.slots[slot] as string,
      probability: this.lattice.spanProbability(from, to, slot),
    }))
  }

  private score(tokens: readonly Token[], intent: string | undefined): void {
    const { starts, labels, weights, unit, book } = this.parts
    const size = tokens.length * this.lattice.labels
    if (this.emissions.length < size) this.emissions = new Float64Array(size * 2)
    const emissions = this.emissions.fill(0, 0, size)
    const features = featuresOf({ tokens, intent, found: findPhrases(book, tokens) })
    for (let t = 0; t < tokens.length; t += 1) {
      const base = t * this.lattice.labels
      for (let i = features.starts[t] as number; i < (features.starts[t + 1] as number); i += 1) {
        const f = this.index.find(features.hashes[i] as number)
        if (f === -1) continue
        for (let p = starts[f] as number; p < (starts[f + 1] as number); p += 1) {
          const at = base + (labels[p] as number)
          emissions[at] = (emissions[at] as number) + (weights[p] as number) * unit
        }
      }
    }
  }
}

export function createSlotModel(parts: SlotParts): SlotModel {
  const tagger = new Tagger(parts)
  return { slots: parts.slots, parts, tag: (text, context = {}) => tagger.tag(text, context) }
}
