import { readRefusals } from '../grammar/refusals.ts'
import type { Reading } from '../read-text.ts'
import type { RequestGuess, RequestKindName, RequestModel, Topic } from './request-model.ts'
import { withPlaceholders } from './request-shape.ts'

/** What sort of utterance it is, before any planning. `refusal`: what the words of it alone say; the rest is how likely each sort is. */
export type RequestKind = Omit<RequestGuess, 'topic'> & {
  refusal?: 'write' | 'unknown'
  kind: RequestKindName
  probability: number
  probabilityOf: (kind: RequestKindName) => number
  /** What it is likeliest about when no catalog word tells. */
  topic?: Topic
}

/** Judges a reading with the model of the moment. */
export function judgeRequest(model: RequestModel, reading: Reading): RequestKind {
  const { topic: _, ...guess } = model.guess(withPlaceholders(reading))
  // Catalog words hide what else is said of a topic (돈 안 준 거래처), so for topics they are kept.
  const { topic } = model.guess(withPlaceholders(reading, { keepsWords: true }))
  const [refusal] = readRefusals(reading.normal.text)
  const [best] = guess.kinds
  return {
    ...guess,
    ...(topic ? { topic } : {}),
    ...(refusal ? { refusal: refusal.reason } : {}),
    kind: best?.kind ?? 'declined',
    probability: best?.probability ?? 0,
    probabilityOf: (kind) => guess.kinds.find((one) => one.kind === kind)?.probability ?? 0,
  }
}
