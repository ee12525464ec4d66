import { isDeepStrictEqual } from 'node:util'
import type { UnderstandReply } from '#nlu'
import type { ShadowCounts } from '../models/model-store.ts'

/** Two readings are as sure as each other within this. */
const leastOtherConfidence = 0.1

export const noCounts: ShadowCounts = {
  ...{ readings: 0, dropped: 0, failed: 0, otherIntent: 0, otherQuery: 0, otherConfidence: 0 },
}

type Told = Pick<UnderstandReply, 'understanding'>

/** What one reading of a shadow adds to its counts, beside what the person was answered by. */
export function countDifference({ understanding: told }: Told, { understanding: unheard }: Told): ShadowCounts {
  return {
    ...{ ...noCounts, readings: 1 },
    otherIntent: Number(told.intent !== unheard.intent),
    otherQuery: Number(!isDeepStrictEqual(told.query, unheard.query)),
    otherConfidence: Number(Math.abs(told.confidence - unheard.confidence) > leastOtherConfidence),
  }
}

export function addCounts(one: ShadowCounts, other: ShadowCounts): ShadowCounts {
  return {
    readings: one.readings + other.readings,
    dropped: one.dropped + other.dropped,
    failed: one.failed + other.failed,
    otherIntent: one.otherIntent + other.otherIntent,
    otherQuery: one.otherQuery + other.otherQuery,
    otherConfidence: one.otherConfidence + other.otherConfidence,
  }
}
