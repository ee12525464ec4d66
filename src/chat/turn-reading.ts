import type { UnderstandReply } from '#nlu'
import type { Answer } from './api.ts'

/** How a turn was read and what came of it, without a word of what was said: it is stored in the clear, for counting. */
export type TurnReading = {
  /** The answer's kind. */
  kind: Answer['kind']
  errorCode?: string
  intent?: string
  confidence?: number
  reason?: string
  entity?: string
  measure?: string
  /** The version of the model that read it. */
  model?: string
}

/** What of a reading is kept with its turn. `reply` is absent when the question could not be read at all. */
export function describeReading(reply: UnderstandReply | undefined, answer: Answer): TurnReading {
  const { kind, errorCode } = answer
  const failed = errorCode === undefined ? {} : { errorCode }
  if (!reply) return { kind, ...failed }
  const { intent, confidence, reason, query } = reply.understanding
  const [measure] = query?.measures ?? []
  return {
    ...{ kind, ...failed, intent, confidence: Math.round(confidence * 1000) / 1000 },
    ...(reason && { reason }),
    ...(query && { entity: query.entity }),
    ...(measure && { measure }),
    ...(reply.model && { model: reply.model }),
  }
}
