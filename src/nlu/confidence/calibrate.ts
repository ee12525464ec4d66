import type { Catalog } from '#catalog'
import { createDecider } from '../decide-request.ts'
import { areaUnderCurve, calibrationError } from '../model/evaluate-intents.ts'
import type { NameIndex } from '../names/name-index.ts'
import type { NameEntry } from '../understanding.ts'
import { type DecisionSort, describeDecision, sortOf } from './decision-signs.ts'
import { fitLogistic, type LogisticWeights, type Observation, predictLogistic } from './fit-logistic.ts'
import { type LabelledQuestion, labelQuestions } from './label-questions.ts'
import type { ConfidenceModel } from './rate-decision.ts'
import { isSameReading } from './same-reading.ts'

type Judged = Observation & { sort: DecisionSort; source: string }

/** How well confidence tells right from wrong, on sentences whose sources it was not fitted on. */
export type Calibration = {
  model: ConfidenceModel
  sentences: number
  right: number
  /** Expected calibration error in fifteen bins, and the area under the ROC curve of right against wrong. */
  ece: number
  auroc: number
  /** What the threshold does: right answers lost and wrong ones kept back, of all answers. */
  answers: { right: number; wrong: number; rightLost: number; wrongStopped: number }
}

const foldCount = 5
const wrongCosts = 3

function isRight({ expect, isLoose }: LabelledQuestion, got: Parameters<typeof isSameReading>[1]): boolean {
  if (!isLoose) return isSameReading(expect, got)
  return (
    expect.intent === got.intent &&
    expect.query?.entity === got.query?.entity &&
    JSON.stringify(expect.query?.measures) === JSON.stringify(got.query?.measures)
  )
}

function judge(catalog: Catalog, index: NameIndex, questions: readonly LabelledQuestion[]): Judged[] {
  const decideOn = createDecider({ catalog, names: () => index })
  return questions.map((question) => {
    const { text, today, state, source } = question
    const { turn, outcome } = decideOn({ text, today, state, language: 'ko' })
    const { understanding } = outcome
    return {
      source,
      sort: sortOf(understanding),
      signs: describeDecision(turn, understanding),
      isRight: isRight(question, understanding),
    }
  })
}

function fitSorts(judged: readonly Judged[]): Record<DecisionSort, LogisticWeights> {
  const learn = (sort: DecisionSort) => fitLogistic(judged.filter((one) => one.sort === sort))
  return { answered: learn('answered'), asked: learn('asked'), declined: learn('declined'), talked: learn('talked') }
}

type Rated = Judged & { confidence: number }

/** Every sentence rated by weights fitted on the sentences of other sources. */
function crossRate(judged: readonly Judged[]): Rated[] {
  const sources = [...new Set(judged.map(({ source }) => source))]
  const foldOf = new Map(sources.map((source, i) => [source, i % foldCount]))
  return Array.from({ length: foldCount }, (_, fold) => {
    const sorts = fitSorts(judged.filter(({ source }) => foldOf.get(source) !== fold))
    return judged
      .filter(({ source }) => foldOf.get(source) === fold)
      .map((one) => ({ ...one, confidence: predictLogistic(sorts[one.sort], one.signs) }))
  }).flat()
}

/**
 * The threshold at which what is kept back is worth most: a wrong answer is as bad as `wrongCosts` right ones are good. None where that is
 * within two standard errors of nothing: the next training would draw it elsewhere.
 */
export function chooseThreshold(rated: readonly Pick<Rated, 'confidence' | 'isRight'>[]): number {
  let best = { threshold: 0, worth: 0 }
  for (let hundredth = 5; hundredth <= 95; hundredth += 1) {
    const threshold = hundredth / 100
    const kept = rated.filter(({ confidence }) => confidence < threshold)
    const worths = kept.map(({ isRight: ok }) => (ok ? -1 : wrongCosts))
    const worth = worths.reduce((sum, one) => sum + one, 0)
    const error = Math.sqrt(worths.reduce((sum, one) => sum + one ** 2, 0))
    if (worth > best.worth && worth > 2 * error) best = { threshold, worth }
  }
  return best.threshold
}

/** Learns how sure decisions are from labelled sentences made of `nlu-training/`. A few seconds. */
export function calibrateConfidence(
  catalog: Catalog,
  { entries, index }: { entries: readonly NameEntry[]; index: NameIndex },
): Calibration {
  const judged = judge(catalog, index, labelQuestions(catalog, entries))
  const rated = crossRate(judged)
  const answers = rated.filter(({ sort }) => sort === 'answered')
  const leastToAnswer = chooseThreshold(answers)
  const isKept = ({ confidence }: Rated) => confidence >= leastToAnswer
  const countOf = (isWanted: (one: Rated) => boolean) => answers.filter(isWanted).length
  return {
    model: { sorts: fitSorts(judged), leastToAnswer },
    sentences: rated.length,
    right: rated.filter((one) => one.isRight).length,
    ece: calibrationError(rated.map(({ confidence, isRight: right }) => ({ confidence, right }))),
    auroc: areaUnderCurve(
      rated.flatMap(({ confidence, isRight: ok }) => (ok ? [confidence] : [])),
      rated.flatMap(({ confidence, isRight: ok }) => (ok ? [] : [confidence])),
    ),
    answers: {
      right: countOf((one) => one.isRight),
      wrong: countOf((one) => !one.isRight),
      rightLost: countOf((one) => one.isRight && !isKept(one)),
      wrongStopped: countOf((one) => !one.isRight && !isKept(one)),
    },
  }
}
