import { sortOf } from './confidence/decision-signs.ts'
import { type ConfidenceModel, rateDecision, readConfidence } from './confidence/rate-decision.ts'
import { createDecider, type Decision, type Outcome, outOfScope } from './decide-request.ts'
import { describeSpans } from './describe-spans.ts'
import type { DeciderDeps } from './prepare-turn.ts'
import { detectLanguage } from './text/language.ts'
import type { Understand, UnderstandReply } from './understanding.ts'

/** The decision with how sure it is. A query that is likelier wrong than worth giving is not given. */
function settle(model: ConfidenceModel, { turn, outcome }: Decision): Outcome & { confidence: number } {
  const confidence = rateDecision(model, turn, outcome.understanding)
  if (sortOf(outcome.understanding) !== 'answered' || confidence >= model.leastToAnswer)
    return { ...outcome, confidence }
  return { ...outOfScope(turn.request.state, 'unknown'), confidence: 1 - confidence }
}

/** Makes the reader of questions. Without a model of requests it opens the product's own. */
export function createUnderstanding(deps: DeciderDeps): Understand {
  const decideOn = createDecider(deps)
  const model = readConfidence()
  return async (request): Promise<UnderstandReply> => {
    const decision = decideOn(request)
    const { understanding, state, confidence } = settle(model, decision)
    const { reading } = decision.turn
    return {
      understanding: {
        ...understanding,
        confidence,
        language: detectLanguage(reading.normal.text, request.language),
        spans: describeSpans(deps.catalog, reading, understanding.query?.entity),
      },
      state: request.partial ? request.state : state,
      model: decision.turn.model.version,
    }
  }
}
