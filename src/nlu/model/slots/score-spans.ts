import type { Example } from '../example.ts'

/** Micro-averaged over all spans: a predicted span counts when start, end and slot are all as labelled. In parts of 1. */
type SpanScore = { precision: number; recall: number; f1: number; labelled: number; predicted: number }

type Span = { start: number; end: number; slot: string }

/** Scores a tagger on labelled texts; 0 rather than NaN where nothing was predicted or labelled. */
export function scoreSpans(examples: readonly Example[], tag: (text: string) => readonly Span[]): SpanScore {
  let [right, labelled, predicted] = [0, 0, 0]
  for (const { text, spans = [] } of examples) {
    const gold = new Set(spans.map((span) => span.join('\t')))
    const found = tag(text)
    labelled += gold.size
    predicted += found.length
    right += found.filter(({ start, end, slot }) => gold.has([start, end, slot].join('\t'))).length
  }
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)
  const [precision, recall] = [ratio(right, predicted), ratio(right, labelled)]
  return { precision, recall, f1: ratio(2 * right, predicted + labelled), labelled, predicted }
}
