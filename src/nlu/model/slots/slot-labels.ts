/**
 * Labels of tokens: 0 is outside; slot s has four, from `1 + 4 s`: it begins, goes on, ends, or is this one token. A path of
 * labels is legal when every span that begins ends.
 */
const [begins, inside, ends, single] = [1, 2, 3, 4] as const

export type LabelSpan = { from: number; to: number; slot: number }

export function labelCount(slots: number): number {
  return 1 + 4 * slots
}

/** Labels of a text of `tokens` tokens with these spans of tokens (both ends inclusive); later spans that overlap are left out. */
export function labelsOf(tokens: number, spans: readonly LabelSpan[]): Uint16Array {
  const labels = new Uint16Array(tokens)
  for (const { from, to, slot } of spans) {
    if (labels.subarray(from, to + 1).some((label) => label !== 0)) continue
    labels.fill(4 * slot + inside, from, to + 1)
    labels[from] = 4 * slot + (from === to ? single : begins)
    if (to > from) labels[to] = 4 * slot + ends
  }
  return labels
}

/** The spans of a legal path of labels. */
export function spansOf(labels: ArrayLike<number>): LabelSpan[] {
  const spans: LabelSpan[] = []
  let from = 0
  for (let at = 0; at < labels.length; at += 1) {
    const label = labels[at] ?? 0
    if (label === 0) continue
    const kind = ((label - 1) % 4) + 1
    if (kind === begins || kind === single) from = at
    if (kind === ends || kind === single) spans.push({ from, to: at, slot: (label - kind) / 4 })
  }
  return spans
}
