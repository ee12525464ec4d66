import type { ShadowCounts } from '../models/model-store.ts'
import type { Gate } from '../steps/judge-metrics.ts'

/** Why what a shadow read speaks against it; empty when it does not, or when it has read too little to say. */
export function judgeShadow({ shadow: gate }: Pick<Gate, 'shadow'>, counts: ShadowCounts | null): string[] {
  const tried = (counts?.readings ?? 0) + (counts?.failed ?? 0)
  if (!counts || tried < gate.leastReadings) return []
  const shares: [string, number, number][] = [
    ['failed', counts.failed / tried, gate.mostFailed],
    ['another intent', counts.otherIntent / tried, gate.mostOtherIntent],
    ['another query', counts.otherQuery / tried, gate.mostOtherQuery],
    ['another confidence', counts.otherConfidence / tried, gate.mostOtherConfidence],
  ]
  return shares.flatMap(([name, share, most]) =>
    share > most ? [`shadow, ${name}: ${share.toFixed(3)} of ${tried} readings, allowance ${most}`] : [],
  )
}
