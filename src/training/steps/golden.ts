import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { BusinessQuery, Catalog } from '#catalog'
import {
  createRequestModel,
  createUnderstanding,
  type ExpectedReading,
  type IntentModel,
  isSameReading,
  type NameIndex,
  type Understanding,
} from '#nlu'
import { type Metrics, scoreF1, shareOf } from './metrics.ts'

const lineSchema = z.object({ text: z.string(), expect: z.looseObject({ intent: z.string() }) })

/** A question that every model must read as its label says. */
export type GoldenQuestion = { text: string; expect: ExpectedReading }

/** Reads `{"text", "expect"}` a line. Throws naming the line that is none. */
export function readGolden(path: string): GoldenQuestion[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, i) => {
      if (line.trim() === '') return []
      const parsed = lineSchema.safeParse(JSON.parse(line))
      if (!parsed.success) throw new Error(`${path}:${i + 1}: not a golden question`)
      return [parsed.data as GoldenQuestion]
    })
}

/** The day that golden questions are asked on: their labels name days. */
const goldenDay = '2026-11-23'

/** A model remembers what it has seen, and one was perhaps in use before the other; the quickest of some readings is fair to both. */
const timesRead = 3

type Deps = { catalog: Catalog; names: NameIndex; nameKinds: IntentModel; pause: () => Promise<void> }

/** Reads the golden questions as the service would with this model. */
export async function measureGolden(
  requests: IntentModel,
  questions: readonly GoldenQuestion[],
  { catalog, names, nameKinds, pause }: Deps,
): Promise<Pick<Metrics, 'golden' | 'latencyMicros'>> {
  const model = createRequestModel(requests, nameKinds)
  const understand = createUnderstanding({ catalog, names: () => names, model: () => model })
  const reads: { expect: ExpectedReading; got: Understanding }[] = []
  const times: number[] = []
  for (const { text, expect } of questions) {
    const tries: number[] = []
    for (let time = 0; time < timesRead; time += 1) {
      await pause()
      const before = process.threadCpuUsage()
      const { understanding: got } = await understand({ text, today: goldenDay, state: {}, language: 'ko' })
      tries.push(microsOf(process.threadCpuUsage(before)))
      if (time === 0) reads.push({ expect, got })
    }
    times.push(Math.min(...tries))
  }
  const isRight = ({ expect, got }: (typeof reads)[number]) => isSameReading(expect, got)
  const answered = reads.filter(({ got }) => got.query !== undefined)
  return {
    golden: {
      rows: reads.length,
      exact: shareOf(reads.filter(isRight).length, reads.length),
      answeredWrongly: shareOf(answered.filter((read) => !isRight(read)).length, reads.length),
      parts: scoreF1(reads.flatMap(({ expect, got }) => partPairs(expect.query, got.query))),
    },
    latencyMicros: { p50: quantileOf(times, 0.5), p99: quantileOf(times, 0.99) },
  }
}

const parts = ['entity', 'measures', 'groupBy', 'where', 'period', 'orderBy', 'limit'] as const

function partPairs(expected: BusinessQuery | undefined, found: BusinessQuery | undefined) {
  const write = (query: BusinessQuery | undefined, part: (typeof parts)[number]) => {
    const value = part === 'period' ? spanOf(query?.period) : query?.[part]
    return value === undefined || (Array.isArray(value) && value.length === 0) ? undefined : JSON.stringify(value)
  }
  return parts.map((part) => ({ label: part, expected: write(expected, part), found: write(found, part) }))
}

/** The days of a period, without how they were said. */
const spanOf = (period: BusinessQuery['period']) => period && [period.field, period.from, period.to]

/** Of this thread alone: what else the machine does while one model is measured must not speak against it. */
const microsOf = ({ user, system }: NodeJS.CpuUsage): number => user + system

function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}
