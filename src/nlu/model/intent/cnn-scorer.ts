import { Arena } from '../kernels/arena.ts'
import type { ByteRows } from './byte-rows.ts'
import { Convolution, taps } from './convolution.ts'
import { addLayer } from './layer-scores.ts'
import type { Scorer } from './scorer.ts'
import type { CnnWeights } from './train-cnn.ts'

/** The member that reads a text's words in order. */
export function createCnnScorer(embeddings: ByteRows, layers: Omit<CnnWeights, 'embeddings'>): Scorer {
  const { filterWeights, filterBias, labelWeights, labelBias } = layers
  const { bytes, scales, width } = embeddings
  const size = { width, filters: filterWeights.length / (taps.length * width) }
  const convolution = new Convolution(new Arena(Convolution.bytes(size)), size)
  convolution.weights.view.set(filterWeights)
  convolution.bias.set(filterBias)
  const vectors = convolution.words.view
  return {
    labelCount: labelBias.length,
    score({ words }, into) {
      vectors.fill(0, 0, words.length * width)
      for (const [word, ids] of words.entries()) {
        const start = word * width
        const share = 1 / Math.sqrt(Math.max(1, ids.length))
        for (const id of ids) {
          const weight = share * (scales[id] as number)
          for (let i = 0; i < width; i += 1)
            vectors[start + i] = (vectors[start + i] as number) + weight * (bytes[id * width + i] as number)
        }
      }
      convolution.read(words.length)
      addLayer(convolution.best, labelWeights, labelBias, into)
    },
  }
}
