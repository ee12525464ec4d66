/** About how wide a text is at 12 px: Hangul is as wide as high, Latin a bit over half. */
export function textWidth(text: string): number {
  return [...text].reduce((width, letter) => width + (letter > '\u2e80' ? 12 : 7.5), 0)
}

const gapPx = 6

/** Whether upright bars in `width` px leave room for every name below and every number above. Widths in px. */
export function barsFit(
  width: number,
  counts: { points: number; series: number },
  longest: { name: number; number: number },
): boolean {
  const room = width / Math.max(1, counts.points)
  return room >= longest.name + gapPx && room >= counts.series * (longest.number + gapPx)
}
