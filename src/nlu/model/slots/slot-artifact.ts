import { z } from 'zod'
import { addPhrase, type PhraseBook } from './phrase-book.ts'
import { createSlotModel, type SlotModel, type SlotParts } from './slot-model.ts'

/** A model as a JSON header and named typed arrays, for a file that holds several. */
export type SlotArtifact = {
  header: z.infer<typeof headerSchema>
  arrays: {
    hashes: Int32Array
    starts: Int32Array
    labels: Uint16Array
    weights: Int16Array
    between: Float32Array
    within: Float32Array
    phrases: Int32Array
    phraseLists: Uint16Array
    phraseCounts: Uint16Array
  }
}

/** An artifact that is not a slot model of this format, or is damaged. */
export class SlotArtifactFault extends Error {}

const headerSchema = z.object({ format: z.literal(1), slots: z.array(z.string()), unit: z.number().positive() })
const arraysSchema: z.ZodType<SlotArtifact['arrays']> = z.object({
  hashes: z.instanceof(Int32Array),
  starts: z.instanceof(Int32Array),
  labels: z.instanceof(Uint16Array),
  weights: z.instanceof(Int16Array),
  between: z.instanceof(Float32Array),
  within: z.instanceof(Float32Array),
  phrases: z.instanceof(Int32Array),
  phraseLists: z.instanceof(Uint16Array),
  phraseCounts: z.instanceof(Uint16Array),
})
const artifactSchema = z.object({ header: headerSchema, arrays: arraysSchema })

export function toSlotArtifact({ parts }: SlotModel): SlotArtifact {
  const entries = [...parts.book].flatMap(([hash, lists]) => [...lists].map(([list, count]) => ({ hash, list, count })))
  return {
    header: { format: 1, slots: [...parts.slots], unit: parts.unit },
    arrays: {
      hashes: parts.hashes,
      starts: parts.starts,
      labels: parts.labels,
      weights: parts.weights,
      between: Float32Array.from(parts.steps.between),
      within: Float32Array.from(parts.steps.within),
      phrases: Int32Array.from(entries, ({ hash }) => hash),
      phraseLists: Uint16Array.from(entries, ({ list }) => list),
      phraseCounts: Uint16Array.from(entries, ({ count }) => Math.min(count, 0xffff)),
    },
  }
}

function isWhole({ header, arrays }: SlotArtifact): boolean {
  const slots = header.slots.length
  const { starts, labels } = arrays
  const areStartsRising = starts[0] === 0 && starts.every((start, i) => i === 0 || start >= (starts[i - 1] as number))
  return (
    areStartsRising &&
    starts.length === arrays.hashes.length + 1 &&
    starts.at(-1) === labels.length &&
    arrays.weights.length === labels.length &&
    labels.every((label) => label <= 4 * slots) &&
    arrays.between.length === (slots + 2) * (slots + 1) &&
    arrays.within.length === 4 * slots &&
    arrays.phraseLists.length === arrays.phrases.length &&
    arrays.phraseCounts.length === arrays.phrases.length
  )
}

/** The model that an artifact was made of: it tags every text as that one did. Throws {@link SlotArtifactFault}. */
export function fromSlotArtifact(artifact: unknown): SlotModel {
  const parsed = artifactSchema.safeParse(artifact)
  if (!parsed.success)
    throw new SlotArtifactFault(`slot model: ${parsed.error.issues[0]?.path.join('.') || 'unreadable'}`)
  if (!isWhole(parsed.data)) throw new SlotArtifactFault('slot model: the arrays do not fit each other')
  const { header, arrays } = parsed.data
  const book: PhraseBook = new Map()
  arrays.phrases.forEach((hash, i) => {
    addPhrase(book, hash, arrays.phraseLists[i] as number, arrays.phraseCounts[i] as number)
  })
  const parts: SlotParts = {
    ...header,
    ...arrays,
    steps: {
      slots: header.slots.length,
      between: Float64Array.from(arrays.between),
      within: Float64Array.from(arrays.within),
    },
    book,
  }
  return createSlotModel(parts)
}
