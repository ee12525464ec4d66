import { join } from 'node:path'
import { expect, test } from 'vitest'
import { judgeMetrics, readGate } from './judge-metrics.ts'
import { judgeSignals } from './judge-signals.ts'
import { kindOf, type Metrics, scoreF1 } from './metrics.ts'

const gate = readGate(join(import.meta.dirname, '../../../nlu-training'))
const metrics: Metrics = {
  heldOut: {
    ...{ rows: 100, accuracy: 0.9, kindAccuracy: 0.95, f1: { ask: 0.9, help: 0.8 }, ece: 0.05, declined: 0.9 },
    ...{ wronglyDeclined: 0.02, auroc: 0.9, confusion: [] },
  },
  golden: { rows: 50, exact: 0.9, answeredWrongly: 0.02, parts: { entity: 0.95, period: 0.9 } },
  latencyMicros: { p50: 500, p99: 2_000 },
}
const rowsOf = { ask: 60, help: 5 }
const heldOut = (more: Partial<Metrics['heldOut']>): Metrics => ({
  ...metrics,
  heldOut: { ...metrics.heldOut, ...more },
})
const golden = (more: Partial<Metrics['golden']>): Metrics => ({ ...metrics, golden: { ...metrics.golden, ...more } })

test.each<[string, Metrics, RegExp | undefined]>([
  ['the same figures', metrics, undefined],
  ['better ones', heldOut({ accuracy: 1, ece: 0 }), undefined],
  ['a fall within its allowance', heldOut({ accuracy: 0.8951 }), undefined],
  ['a fall of accuracy', heldOut({ accuracy: 0.89 }), /^accuracy: 0.9 in service, 0.89 now/],
  ['a rise of what is better low', heldOut({ wronglyDeclined: 0.04 }), /^wrongly declined/],
  ['one label that is read no more', heldOut({ f1: { ask: 0.5, help: 0.8 } }), /^F1 of ask/],
  ['one with few rows', heldOut({ f1: { ask: 0.9, help: 0 } }), undefined],
  ['one golden question more that is wrong', golden({ exact: 0.88 }), /^golden, exact/],
  ['a part of golden queries', golden({ parts: { entity: 0.95 } }), /^golden period/],
  ['slower reading', { ...metrics, latencyMicros: { p50: 1_100, p99: 2_000 } }, /^one reading takes/],
  ['a fall on too few rows', heldOut({ rows: 10, accuracy: 0 }), undefined],
])('%s', (_, now, reason) => {
  const reasons = judgeMetrics(gate, now, metrics, rowsOf)
  expect(reasons).toHaveLength(reason ? 1 : 0)
  if (reason) expect(reasons[0]).toMatch(reason)
})

test('live signals speak when there are enough of them, and worse than before', () => {
  const before = { turns: 200, faults: 0, unanswered: 0.1, confidence: 0.9 }
  expect(judgeSignals(before, before)).toEqual([])
  expect(judgeSignals({ ...before, unanswered: 0.3 }, before)).toHaveLength(1)
  expect(judgeSignals({ turns: 100, faults: 0.1, unanswered: 0.3, confidence: 0.7 }, before)).toHaveLength(3)
  expect(judgeSignals({ turns: 19, faults: 1, unanswered: 1, confidence: 0 }, before)).toEqual([])
  const nothing = { turns: 0, faults: Number.NaN, unanswered: Number.NaN, confidence: Number.NaN }
  expect(judgeSignals({ ...before, unanswered: 0.9, confidence: 0.2 }, nothing)).toEqual([])
  expect(judgeSignals({ ...before, faults: 0.2 }, nothing)).toHaveLength(1)
})

test('F1 counts what is missing and what is too many; labels have their kinds', () => {
  const pair = (expected: string | undefined, found: string | undefined) => ({ expected, found, label: 'a' })
  expect(scoreF1([pair('x', 'x'), pair('x', undefined), pair(undefined, undefined)])).toEqual({ a: 0.6667 })
  expect(['ask', 'sales.amount', 'thanks', 'forecast'].map(kindOf)).toEqual(['ask', 'ask', 'thanks', 'declined'])
})
