import type { FeatureTable } from '../features/feature-space.ts'
import type { LinearWeights } from './train-svm.ts'

/**
 * Keeps the `most` features that a linear model leans on most, by the length of their weights (Guyon et al. 2002), in their
 * order. The rest hardly move an answer, and cost every member memory and time.
 */
export function chooseFeatures(table: FeatureTable, { weights, biases }: LinearWeights, most: number): FeatureTable {
  const labelCount = biases.length
  const lengths = Float64Array.from(table.hashes, (_, id) => {
    let square = 0
    for (let i = id * labelCount; i < (id + 1) * labelCount; i += 1) square += (weights[i] as number) ** 2
    return square
  })
  const ids = Int32Array.from(lengths, (_, id) => id)
  // Equal lengths keep the earlier feature, so that the choice does not hang on how the sort works.
  ids.sort((a, b) => (lengths[b] as number) - (lengths[a] as number) || a - b)
  const kept = ids.slice(0, most).sort()
  return {
    settings: table.settings,
    hashes: Uint32Array.from(kept, (id) => table.hashes[id] as number),
    groups: Uint8Array.from(kept, (id) => table.groups[id] as number),
    weights: Float32Array.from(kept, (id) => table.weights[id] as number),
  }
}
