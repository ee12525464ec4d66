import type { Catalog } from '#catalog'
import { createReader } from './create-reader.ts'
import { keepRequestModel } from './intent/open-request-model.ts'
import { addTopic } from './intent/read-topic.ts'
import { judgeRequest } from './intent/request-kind.ts'
import type { RequestModel } from './intent/request-model.ts'
import { withPlaceholders } from './intent/request-shape.ts'
import type { NameIndex } from './names/name-index.ts'
import { rankEntities } from './plan/rank-entities.ts'

/** How a text was read, step by step: for people who look after the catalog. */
export type Explanation = {
  /** As it is compared with examples: company words as ①, names ②, times ③, numbers ④. */
  shape: string
  kinds: { kind: string; probability: number }[]
  /** The nearest of the training files' labels, and what it is likeliest about when no catalog word says so. */
  label: string
  topic?: { about: string; probability: number }
  pieces: { text: string; kind: string; score: number; slips: number }[]
  /** What was said that nothing knows; any of these and the question is declined. */
  unknown: string[]
  /** Entities that words speak for, best first. */
  entities: { entity: string; score: number; named: number }[]
}

/** Makes a function that explains single texts, with the same parts that understanding uses. */
export function createExplainer({
  catalog,
  names,
  model = keepRequestModel(),
}: {
  catalog: Catalog
  names: () => NameIndex
  model?: () => RequestModel
}): (text: string, today: string) => Explanation {
  const reader = createReader(catalog, names)
  return (text, today) => {
    const said = reader.read(text, today)
    const { kinds, label, topic } = judgeRequest(model(), said)
    const reading = addTopic(catalog, said, topic, rankEntities(catalog, said))
    const ranked = rankEntities(catalog, reading)
    return {
      shape: withPlaceholders(said),
      kinds,
      label,
      ...(topic ? { topic: { about: [topic.entity, topic.measure].join('.'), probability: topic.probability } } : {}),
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
