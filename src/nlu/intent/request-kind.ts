import { readRefusals } from '../grammar/refusals.ts'
import type { Reading } from '../read-text.ts'
import { openWords } from './read-topic.ts'
import type { RequestGuess, RequestKindName, RequestModel, Topic } from './request-model.ts'
import { withPlaceholders } from './request-shape.ts'

/** What sort of utterance it is, before any planning. `refusal`: what the words of it alone say; the rest is how likely each sort is. */
export type RequestKind = Omit<RequestGuess, 'topic'> & {
  refusal?: 'write' | 'unknown'
  kind: RequestKindName
  probability: number
  probabilityOf: (kind: RequestKindName) => number
  /** How many words of it neither the catalog, the grammars nor the model's sentences have. */
  strangers: number
  /** What it is likeliest about when no catalog word tells. */
  topic?: Topic
}

/** A whole word that passes for plain language and yet stands in no sentence that asks for data. */
const isStranger = (model: RequestModel, { normal }: Reading, start: number, text: string): boolean =>
  normal.gap[start] === true && text.length >= 2 && !model.knows(text)

/** Of own sentences about data none comes near these. */
const sureOfWrite = 0.7
const sureOfTalk = 0.7

const isTalk = ({ kinds: [best] }: RequestGuess): boolean =>
  best !== undefined && ['greeting', 'thanks', 'help'].includes(best.kind) && best.probability >= sureOfTalk

/** Judges a reading with the model of the moment. */
export function judgeRequest(model: RequestModel, reading: Reading): RequestKind {
  // Catalog words hide what else is said of a topic (돈 안 준 거래처) and in small talk (사용 방법), so there they are kept.
  const spoken = model.guess(withPlaceholders(reading, { keepsWords: true }))
  const { topic } = spoken
  const { topic: _, ...guess } = isTalk(spoken) ? spoken : model.guess(withPlaceholders(reading))
  const [best] = guess.kinds
  const [said] = readRefusals(reading.normal.text)
  const refusal = said?.reason ?? (best?.kind === 'write' && best.probability >= sureOfWrite ? 'write' : undefined)
  return {
    ...guess,
    strangers: openWords(reading).filter(({ start, text }) => isStranger(model, reading, start, text)).length,
    ...(topic ? { topic } : {}),
    ...(refusal ? { refusal } : {}),
    kind: best?.kind ?? 'declined',
    probability: best?.probability ?? 0,
    probabilityOf: (kind) => guess.kinds.find((one) => one.kind === kind)?.probability ?? 0,
  }
}
