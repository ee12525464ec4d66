import type { IntentModel } from '../model/index.ts'
import { keepRecent } from '../text/keep-recent.ts'
import { guessNameKind, type NameGuess } from './name-kinds.ts'

/** What may be done with an utterance. `declined`: what the ERP cannot tell; `write`: a change of the ERP. */
const requestKinds = ['ask', 'greeting', 'thanks', 'help', 'write', 'declined'] as const
export type RequestKindName = (typeof requestKinds)[number]

/** What a sentence is about though no word of the catalog says so. No measure: records. */
export type Topic = { entity: string; measure?: string; probability: number; words: readonly string[] }

/** What the model takes a sentence for, most likely kind first. */
export type RequestGuess = {
  /** From 0 to 1: how unlike anything the model has learned the sentence is. */
  doubt: number
  kinds: { kind: RequestKindName; probability: number }[]
  /** Why it is declined or what is asked, as the training files call it. */
  label: string
  /** The likeliest topic, if the sentence is likelier about one than about nothing in particular. */
  topic?: Topic
}

/** Tells what sort of request a sentence is. It takes the sentence with placeholders, as `withPlaceholders` makes it. */
export type RequestModel = {
  /** Tells one model from another, in traces and metrics. */
  version: string
  guess(shape: string): RequestGuess
  /** Whether a word stands in the sentences that the model learned asking from. */
  knows(word: string): boolean
  /** What a word that nothing knows may be the name of. */
  guessName(text: string): NameGuess
}

/** What a trained model remembers beside its weights. */
export type RequestFacts = {
  version: string
  topicWords: Record<string, readonly string[]>
  askWords: readonly string[]
}

/**
 * People say things in ways that no pattern has; sentences of unseen patterns are likeliest when the model's scores are divided by
 * this (four-fold, whole patterns held out).
 */
const temperature = 1.6

/** Writes the softened probabilities into `into`. They sum to 1. */
function soften(probabilities: Float64Array, into: Float64Array): void {
  let sum = 0
  for (let i = 0; i < into.length; i += 1) {
    const power = Math.exp(Math.log(Math.max(probabilities[i] as number, 1e-9)) / temperature)
    into[i] = power
    sum += power
  }
  for (let i = 0; i < into.length; i += 1) into[i] = (into[i] as number) / sum
}

const kindOfLabel = (label: string): RequestKindName => {
  if (label.includes('.')) return 'ask'
  return requestKinds.find((kind) => kind === label) ?? 'declined'
}

function topicOf(label: string, { topicWords }: RequestFacts): Omit<Topic, 'probability'> | undefined {
  if (!label.includes('.')) return undefined
  const [entity = '', measure = ''] = label.split('.')
  return { entity, words: topicWords[label] ?? [], ...(measure ? { measure } : {}) }
}

/** What the labels of a model stand for, in its order. */
function readLabels(model: IntentModel, facts: RequestFacts) {
  return model.intents.map((label) => ({
    label,
    kind: requestKinds.indexOf(kindOfLabel(label)),
    topic: topicOf(label, facts),
  }))
}

/** Shapes have no names, times or numbers in them: people's questions come again and again as the same few. */
const mostShapes = 2000

/** Trained intent models as the judge of requests and names. Their labels are those of the training files. */
export function createRequestModel(requests: IntentModel, names: IntentModel): RequestModel {
  const facts = requests.parts.facts as RequestFacts
  const askWords = new Set(facts.askWords)
  const labels = readLabels(requests, facts)
  const softened = new Float64Array(labels.length)
  return {
    version: facts.version,
    knows: (word) => askWords.has(word),
    guessName: (text) => guessNameKind(names, text),
    guess: keepRecent(mostShapes, (shape): RequestGuess => {
      const { probabilities, outOfScope } = requests.rate(shape)
      soften(probabilities, softened)
      const sums = new Float64Array(requestKinds.length)
      let [best, likeliest] = [0, -1]
      labels.forEach(({ kind, topic }, i) => {
        const probability = softened[i] as number
        sums[kind] = (sums[kind] as number) + probability
        if (probability > (softened[best] as number)) best = i
        if (topic && (likeliest < 0 || probability > (softened[likeliest] as number))) likeliest = i
      })
      const topic = labels[likeliest]?.topic
      return {
        kinds: requestKinds
          .map((kind, i) => ({ kind, probability: sums[i] as number }))
          .sort((a, b) => b.probability - a.probability),
        doubt: outOfScope,
        label: labels[best]?.label ?? 'noise',
        ...(topic ? { topic: { ...topic, probability: softened[likeliest] as number } } : {}),
      }
    }),
  }
}
