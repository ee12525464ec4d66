/** Figures that decide whether a model is better, as the comparison names them. */
export const mainFigures = [
  'golden exact',
  'golden answeredWrongly',
  'heldOut accuracy',
  'heldOut kindAccuracy',
  'heldOut declined',
  'heldOut wronglyDeclined',
  'heldOut ece',
  'heldOut auroc',
  'latencyMicros p50',
  'latencyMicros p99',
] as const

/** Of these less is better. */
const lessIsBetter = ['answeredWrongly', 'wronglyDeclined', 'ece', 'p50', 'p99']

const isCount = (name: string): boolean => /( rows| count)$/.test(name)

/** A figure as people read it: shares as percent, times in milliseconds, counts as they are; a dash where there is none. */
export function formatFigure(name: string, value: number | null, isDifference = false): string {
  if (value === null) return '–'
  const sign = isDifference && value > 0 ? '+' : ''
  if (name.startsWith('latencyMicros')) return `${sign}${(value / 1000).toFixed(2)} ms`
  if (isCount(name)) return `${sign}${value}`
  return `${sign}${(value * 100).toFixed(1)}${isDifference ? ' %p' : '%'}`
}

/** Whether the second of two is better by this much; `same` also where nobody can say. */
export function judgeDifference(name: string, difference: number | null): 'better' | 'worse' | 'same' {
  if (difference === null || difference === 0 || isCount(name)) return 'same'
  const isLess = lessIsBetter.some((ending) => name.endsWith(` ${ending}`))
  return difference > 0 === isLess ? 'worse' : 'better'
}
