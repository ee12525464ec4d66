import type { Signals } from '../data/data-store.ts'

/** Fewer turns than this say nothing yet. */
const leastTurns = 20

/** How much worse live signals may be, as shares of 0…1. */
type SignalLimits = { faults: number; unanswered: number; confidence: number }
const usualLimits: SignalLimits = { faults: 0.05, unanswered: 0.15, confidence: 0.1 }

/** Why what people meet speaks against a model; empty when it does not, or when too few have met it. */
export function judgeSignals(now: Signals, before: Signals, limits: SignalLimits = usualLimits): string[] {
  if (now.turns < leastTurns) return []
  // Without anything before, the errors alone speak.
  const base = before.turns < leastTurns ? { faults: 0, unanswered: 1, confidence: 0 } : before
  const worse: [string, number, number, number][] = [
    ['failed', now.faults - base.faults, now.faults, limits.faults],
    ['not answered', now.unanswered - base.unanswered, now.unanswered, limits.unanswered],
    ['confidence', base.confidence - now.confidence, now.confidence, limits.confidence],
  ]
  return worse.flatMap(([name, by, value, limit]) =>
    by > limit
      ? [`${name}: ${value.toFixed(3)} in ${now.turns} turns, worse by ${by.toFixed(3)}, allowance ${limit}`]
      : [],
  )
}
