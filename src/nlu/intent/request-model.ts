import type { IntentModel, RankedIntent } from '../model/index.ts'
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

function soften(ranked: readonly RankedIntent[]): RankedIntent[] {
  const powers = ranked.map(({ probability }) => Math.max(probability, 1e-9) ** (1 / temperature))
  const sum = powers.reduce((total, power) => total + power, 0)
  return ranked.map(({ intent }, i) => ({ intent, probability: (powers[i] ?? 0) / sum }))
}

const kindOfLabel = (label: string): RequestKindName => {
  if (label.includes('.')) return 'ask'
  return requestKinds.find((kind) => kind === label) ?? 'declined'
}

function topicOf(label: string, probability: number, { topicWords }: RequestFacts): Topic {
  const [entity = '', measure = ''] = label.split('.')
  return { entity, probability, words: topicWords[label] ?? [], ...(measure ? { measure } : {}) }
}

/** Trained intent models as the judge of requests and names. Their labels are those of the training files. */
export function createRequestModel(requests: IntentModel, names: IntentModel): RequestModel {
  const facts = requests.parts.facts as RequestFacts
  const askWords = new Set(facts.askWords)
  return {
    version: facts.version,
    knows: (word) => askWords.has(word),
    guessName: (text) => guessNameKind(names, text),
    guess(shape) {
      const { ranked: sharp, outOfScope } = requests.classify(shape)
      const ranked = soften(sharp)
      const sums = new Map<RequestKindName, number>(requestKinds.map((kind) => [kind, 0]))
      for (const { intent, probability } of ranked) {
        const kind = kindOfLabel(intent)
        sums.set(kind, (sums.get(kind) ?? 0) + probability)
      }
      const topic = ranked.find(({ intent }) => intent.includes('.'))
      return {
        kinds: [...sums]
          .map(([kind, probability]) => ({ kind, probability }))
          .sort((a, b) => b.probability - a.probability),
        doubt: outOfScope,
        label: ranked[0]?.intent ?? 'noise',
        ...(topic ? { topic: topicOf(topic.intent, topic.probability, facts) } : {}),
      }
    },
  }
}
