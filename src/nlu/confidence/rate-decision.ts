import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { trainingFolder } from '../training/read-patterns.ts'
import type { Understanding } from '../understanding.ts'
import {
  type DecisionGrounds,
  type DecisionSort,
  decisionSorts,
  describeDecision,
  signNames,
  sortOf,
} from './decision-signs.ts'
import { type LogisticWeights, predictLogistic } from './fit-logistic.ts'

/** How sure decisions are, by sort, and below what an answer is not given. */
export type ConfidenceModel = { sorts: Record<DecisionSort, LogisticWeights>; leastToAnswer: number }

const fileSchema = z.object({
  leastToAnswer: z.number().min(0).max(1),
  sorts: z.record(
    z.enum(decisionSorts),
    z.object({ bias: z.number(), weights: z.record(z.enum(signNames), z.number()) }),
  ),
})

/** The weights of `confidence.json`, which `npm run calibrate` writes. Throws a ZodError when a sign is missing. */
export function readConfidence(folder = trainingFolder): ConfidenceModel {
  const { leastToAnswer, sorts } = fileSchema.parse(JSON.parse(readFileSync(join(folder, 'confidence.json'), 'utf8')))
  const toWeights = ({ bias, weights }: (typeof sorts)[DecisionSort]): LogisticWeights => ({
    bias,
    weights: signNames.map((name) => weights[name]),
  })
  return {
    leastToAnswer,
    sorts: {
      answered: toWeights(sorts.answered),
      asked: toWeights(sorts.asked),
      declined: toWeights(sorts.declined),
      talked: toWeights(sorts.talked),
    },
  }
}

/** The text of `confidence.json`. */
export function writeConfidence({ sorts, leastToAnswer }: ConfidenceModel): string {
  const round = (value: number): number => Number(value.toFixed(4))
  const named = Object.fromEntries(
    decisionSorts.map((sort) => {
      const { bias, weights } = sorts[sort]
      return [
        sort,
        { bias: round(bias), weights: Object.fromEntries(signNames.map((name, i) => [name, round(weights[i] ?? 0)])) },
      ]
    }),
  )
  return `${JSON.stringify({ leastToAnswer, sorts: named }, null, 2)}\n`
}

/** The probability that a decision is right, between 0.01 and 0.995: nothing is ever certain. */
export function rateDecision(
  model: ConfidenceModel,
  grounds: DecisionGrounds,
  decision: Pick<Understanding, 'intent' | 'query' | 'reason'>,
): number {
  const probability = predictLogistic(model.sorts[sortOf(decision)], describeDecision(grounds, decision))
  return Math.min(0.995, Math.max(0.01, probability))
}
