/** One measured number. `peer` is what it is held against, measured in the same run; `goal` bounds the ratio or the value. */
export type Figure = {
  name: string
  value: number
  unit: string
  peer: { name: string; value: number } | null
  ratio: number | null
  goal: string | null
  ok: boolean | null
}

/** A figure that is told, not judged. */
export function plainFigure(name: string, value: number, unit: string): Figure {
  return { name, value: round(value), unit, peer: null, ratio: null, goal: null, ok: null }
}

/** A figure beside its peer; `ratio` is value / peer. */
export function comparedFigure(
  name: string,
  value: number,
  unit: string,
  peer: { name: string; value: number },
): Figure {
  const ratio = peer.value === 0 ? null : round(value / peer.value)
  return { ...plainFigure(name, value, unit), peer: { name: peer.name, value: round(peer.value) }, ratio }
}

/** The figure held to a goal. */
export function judged(figure: Figure, goal: string, ok: boolean): Figure {
  return { ...figure, goal, ok }
}

/** The value that a share (0…1) of the values do not exceed; NaN when there are none. */
export function quantile(values: number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** The middle of the sorted values; NaN when there are none. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** The mean of the values; NaN when there are none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
