import { z } from 'zod'
import type { Artifact } from '../artifact.ts'
import { hiddenWidth } from './hidden-scorer.ts'
import { addPhrase, type PhraseBook } from './phrase-book.ts'
import { createSlotModel, labelOfPair, packPair, type SlotModel } from './slot-model.ts'

/** Weights that are not a slot model of this format, or do not fit each other. */
export class SlotArtifactFault extends Error {}

const format = 1

const artifactSchema = z.object({
  kind: z.literal('slots'),
  facts: z.object({ format: z.literal(format), slots: z.array(z.string()), unit: z.number().positive() }),
  weights: z.object({
    hashes: z.instanceof(Int32Array),
    starts: z.instanceof(Int32Array),
    pairs: z.instanceof(Int32Array),
    embeddings: z.instanceof(Int8Array),
    outputs: z.instanceof(Float32Array),
    between: z.instanceof(Float32Array),
    within: z.instanceof(Float32Array),
    phrases: z.instanceof(Int32Array),
    phraseLists: z.instanceof(Int32Array),
  }),
})
type SlotArtifact = z.infer<typeof artifactSchema>

/** The model as JSON facts and named typed arrays, for a file that may hold more. The same model gives the same artifact. */
export function toSlotArtifact({ parts }: SlotModel): Artifact {
  const { slots, unit, hashes, starts, pairs, hidden, steps, book } = parts
  const entries = [...book].flatMap(([hash, lists]) => [...lists].map(([list, count]) => ({ hash, list, count })))
  return {
    kind: 'slots',
    facts: { format, slots: [...slots], unit },
    weights: {
      hashes,
      starts,
      pairs,
      ...hidden,
      between: Float32Array.from(steps.between),
      within: Float32Array.from(steps.within),
      phrases: Int32Array.from(entries, ({ hash }) => hash),
      phraseLists: Int32Array.from(entries, ({ list, count }) => packPair(list, Math.min(count, 0x7fff))),
    },
  }
}

function isWhole({ facts, weights }: SlotArtifact): boolean {
  const slots = facts.slots.length
  const labels = 4 * slots + 1
  const { starts, pairs, hashes } = weights
  return (
    starts[0] === 0 &&
    starts.every((start, i) => i === 0 || start >= (starts[i - 1] as number)) &&
    starts.length === hashes.length + 1 &&
    starts.at(-1) === pairs.length &&
    pairs.every((pair) => labelOfPair(pair) < labels) &&
    weights.embeddings.length === hashes.length * hiddenWidth &&
    weights.outputs.length === labels * hiddenWidth &&
    weights.between.length === (slots + 2) * (slots + 1) &&
    weights.within.length === 4 * slots &&
    weights.phraseLists.length === weights.phrases.length
  )
}

/** The model that an artifact was made of: it tags every text as that one did. Throws {@link SlotArtifactFault}. */
export function fromSlotArtifact(artifact: Artifact): SlotModel {
  const parsed = artifactSchema.safeParse(artifact)
  if (!parsed.success) throw new SlotArtifactFault(`slot model: ${parsed.error.issues[0]?.path.join('.')}`)
  if (!isWhole(parsed.data)) throw new SlotArtifactFault('slot model: the arrays do not fit each other')
  const { facts, weights } = parsed.data
  const book: PhraseBook = new Map()
  weights.phrases.forEach((hash, i) => {
    const entry = weights.phraseLists[i] as number
    addPhrase(book, hash, labelOfPair(entry), entry & 0xffff)
  })
  return createSlotModel({
    slots: facts.slots,
    unit: facts.unit,
    hashes: weights.hashes,
    starts: weights.starts,
    pairs: weights.pairs,
    hidden: { embeddings: weights.embeddings, outputs: weights.outputs },
    steps: {
      slots: facts.slots.length,
      between: Float64Array.from(weights.between),
      within: Float64Array.from(weights.within),
    },
    book,
  })
}
