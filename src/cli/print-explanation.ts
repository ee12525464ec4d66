import type { createExplainer, Understanding } from '#nlu'
import { alignRows } from './align-rows.ts'

type Explanation = ReturnType<ReturnType<typeof createExplainer>>

const round = (value: number): string => value.toFixed(2)

function section(title: string, rows: string[][]): string[] {
  const [first] = rows
  if (!first) return []
  const lines = alignRows(
    rows,
    first.map(() => false),
  )
  return [title, ...lines.map((line) => `  ${line}`)]
}

/** How a text was read, as lines for a terminal: words, grammars, slots, entities, confidence, and why it ended as it did. */
export function explanationLines(explanation: Explanation, understanding: Understanding): string[] {
  const { tokens, shape, kinds, label, topic, grammars, slots, unknown, entities, confidence, because } = explanation
  const { spans: _, ...result } = understanding
  return [
    ...section('words', [[tokens.map(({ text }) => text).join(' | ')], [`as the model sees it: ${shape}`]]),
    ...section('kind', [
      ...kinds.slice(0, 4).map(({ kind, probability }) => [kind, round(probability)]),
      [`nearest label: ${label}`, topic ? `topic ${topic.about} ${round(topic.probability)}` : ''],
    ]),
    ...section(
      'grammars',
      grammars.map(({ grammar, start, end, text, reading, isUsed }) => [
        isUsed ? '*' : '-',
        grammar,
        `${start}–${end}`,
        text,
        reading,
      ]),
    ),
    ...section(
      'slots',
      slots.map(({ kind, start, end, text, reading, score, slips }) => [
        kind,
        `${start}–${end}`,
        text,
        reading,
        `score ${round(score)}`,
        slips > 0 ? `slips ${slips}` : '',
      ]),
    ),
    ...section(
      'unknown',
      unknown.map(({ start, end, text }) => [`${start}–${end}`, text]),
    ),
    ...section(
      'entities',
      entities
        .slice(0, 5)
        .map(({ entity, score, named, unplaced }) => [
          entity,
          `score ${round(score)}`,
          `its own ${round(named)}`,
          unplaced.length > 0 ? `no place for: ${unplaced.join(', ')}` : '',
        ]),
    ),
    ...section('confidence', [
      ['total', round(confidence.total)],
      ['a question', round(confidence.ask)],
      ['slips', String(confidence.slips)],
      ['lead over the next entity', round(confidence.lead)],
    ]),
    ...section(
      'because',
      because.map((reason) => [reason]),
    ),
    ...section('reading', [[JSON.stringify(result)]]),
  ]
}
