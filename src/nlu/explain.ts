import type { Catalog } from '#catalog'
import { createReader } from './create-reader.ts'
import { withPlaceholders } from './intent/intent-features.ts'
import { buildRequestClassifier } from './intent/request-kind.ts'
import type { NameIndex } from './names/name-index.ts'
import { rankEntities } from './plan/rank-entities.ts'

/** How a text was read, step by step: for people who look after the catalog. */
export type Explanation = {
  /** As it is compared with examples: company words as ①, names ②, times ③, numbers ④. */
  shape: string
  kinds: { label: string; probability: number }[]
  pieces: { text: string; kind: string; score: number; slips: number }[]
  /** What was said that nothing knows; any of these and the question is declined. */
  unknown: string[]
  /** Entities that words speak for, best first. */
  entities: { entity: string; score: number; named: number }[]
}

const labels = ['ask', 'greeting', 'thanks', 'help', 'chat'] as const

/** Makes a function that explains single texts, with the same parts that understanding uses. */
export function createExplainer({
  catalog,
  names,
}: {
  catalog: Catalog
  names: () => NameIndex
}): (text: string, today: string) => Explanation {
  const reader = createReader(catalog, names)
  const classify = buildRequestClassifier()
  return (text, today) => {
    const reading = reader.read(text, today)
    const kind = classify(reading)
    const ranked = rankEntities(catalog, reading)
    return {
      shape: withPlaceholders(reading),
      kinds: labels
        .map((label) => ({ label, probability: kind.probabilityOf(label) }))
        .sort((a, b) => b.probability - a.probability),
      pieces: reading.pieces.map(({ start, end, score, slips, meaning }) => ({
        text: reading.normal.compact.slice(start, end),
        kind: meaning.kind,
        score,
        slips,
      })),
      unknown: reading.unknown.map((word) => word.text),
      entities: ranked
        .filter(({ score }) => score > 0)
        .map(({ entity, score, named }) => ({ entity: entity.entity, score, named })),
    }
  }
}
