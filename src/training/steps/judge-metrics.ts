import { z } from 'zod'
import { readYamlFile } from '#platform/yaml-file'
import type { Metrics } from './metrics.ts'

const share = z.number().min(0).max(1)

const gateSchema = z.strictObject({
  /** How far each figure may fall (or rise, for those that are better low) below the model in service. */
  allowances: z.strictObject({
    accuracy: share,
    kindAccuracy: share,
    f1: share,
    ece: share,
    declined: share,
    wronglyDeclined: share,
    auroc: share,
    goldenExact: share,
    goldenWrong: share,
    part: share,
  }),
  /** With fewer rows held out, only the golden questions are judged. */
  leastRows: z.number().int().min(1),
  /** A label with fewer rows held out says nothing by itself. */
  leastRowsOfLabel: z.number().int().min(1),
  /** How many times as long as with the model in service one reading may take, by the median. */
  mostSlowdown: z.number().min(1),
  /** Of what a model on trial read unheard, the shares that may differ from what people were answered by; with fewer readings, any. */
  shadow: z.strictObject({
    leastReadings: z.number().int().min(1),
    mostFailed: share,
    mostOtherIntent: share,
    mostOtherQuery: share,
    mostOtherConfidence: share,
  }),
})
export type Gate = z.infer<typeof gateSchema>

/** Reads `gate.yaml` of a folder. Throws an Error that names every fault. */
export function readGate(folder: string): Gate {
  const { file, faults } = readYamlFile<Gate>(folder, 'gate.yaml', gateSchema)
  if (!file) throw new Error(`gate.yaml: ${faults.map(({ problem }) => problem).join('; ')}`)
  return file.value
}

type Figure = { name: string; old: number | null; now: number | null; allowance: number; isLowBetter?: boolean }

/** Why a model may not take the place of the one in service; empty when it may. Figures that only one of them has are not held. */
export function judgeMetrics(gate: Gate, now: Metrics, old: Metrics, rowsOf: Record<string, number>): string[] {
  const { allowances: by } = gate
  const labels = Object.keys({ ...old.heldOut.f1, ...now.heldOut.f1 }).filter(
    (label) => (rowsOf[label] ?? 0) >= gate.leastRowsOfLabel,
  )
  const f1 = (metrics: Metrics, label: string) => metrics.heldOut.f1[label] ?? 0
  const heldOut: Figure[] = [
    { name: 'accuracy', old: old.heldOut.accuracy, now: now.heldOut.accuracy, allowance: by.accuracy },
    {
      name: 'accuracy of kinds',
      old: old.heldOut.kindAccuracy,
      now: now.heldOut.kindAccuracy,
      allowance: by.kindAccuracy,
    },
    { name: 'calibration error', old: old.heldOut.ece, now: now.heldOut.ece, allowance: by.ece, isLowBetter: true },
    { name: 'declined', old: old.heldOut.declined, now: now.heldOut.declined, allowance: by.declined },
    {
      ...{ name: 'wrongly declined', old: old.heldOut.wronglyDeclined, now: now.heldOut.wronglyDeclined },
      ...{ allowance: by.wronglyDeclined, isLowBetter: true },
    },
    { name: 'AUROC', old: old.heldOut.auroc, now: now.heldOut.auroc, allowance: by.auroc },
    ...labels.map((label) => ({ name: `F1 of ${label}`, old: f1(old, label), now: f1(now, label), allowance: by.f1 })),
  ]
  const golden: Figure[] = [
    { name: 'golden, exact', old: old.golden.exact, now: now.golden.exact, allowance: by.goldenExact },
    {
      ...{ name: 'golden, answered wrongly', old: old.golden.answeredWrongly, now: now.golden.answeredWrongly },
      ...{ allowance: by.goldenWrong, isLowBetter: true },
    },
    ...Object.entries(old.golden.parts).map(([part, value]) => ({
      ...{ name: `golden ${part}`, old: value, now: now.golden.parts[part] ?? 0, allowance: by.part },
    })),
  ]
  const [took, limit] = [now.latencyMicros.p50, old.latencyMicros.p50 * gate.mostSlowdown]
  const slow = took > limit ? [`one reading takes ${took} µs (median), more than ${Math.round(limit)}`] : []
  const judged = now.heldOut.rows < gate.leastRows ? golden : [...heldOut, ...golden]
  return [...judged.flatMap(describeFall), ...slow]
}

function describeFall({ name, old, now, allowance, isLowBetter = false }: Figure): string[] {
  if (old === null || now === null) return []
  const fall = isLowBetter ? now - old : old - now
  // Figures are rounded to four places.
  return fall > allowance + 1e-9 ? [`${name}: ${old} in service, ${now} now, allowance ${allowance}`] : []
}
