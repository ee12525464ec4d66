import { englishNumbers } from '../number-words.ts'

const scales: Record<string, number> = {
  hundred: 100,
  thousand: 1e3,
  k: 1e3,
  million: 1e6,
  m: 1e6,
  mn: 1e6,
  mil: 1e6,
  billion: 1e9,
  bn: 1e9,
  b: 1e9,
}
const word = `(?:${Object.keys(englishNumbers)
  .sort((a, b) => b.length - a.length)
  .join('|')})`
/** What English numbers in words begin with: one, a hundred, half of. */
export const englishBeginnings = new Set([...Object.keys(englishNumbers).map((name) => name[0] ?? ''), 'a', 'h'])
const begins = new RegExp(
  `^(?:(${word})(?:[\\s-](?=${word}(?![a-z]))(${word}))?|an?(?=\\s+(?:hundred|thousand|million|billion)))(?![a-z])`,
)
const scaleNext = /^\s*(hundred|thousand|million|billion|mil|mn|bn|k|m|b)(?![a-z0-9])/
const restNext = new RegExp(`^\\s+(?:and\\s+)?(${word})(?:[\\s-](${word}))?(?![a-z])`)
const pointNext = /^\s+point((?:\s+(?:zero|oh|one|two|three|four|five|six|seven|eight|nine))+)(?![a-z])/

const worthOf = (said: string | undefined): number => (said === undefined ? 0 : (englishNumbers[said] ?? 0))

/** A number's scale in English: 5 million, 100k, two thousand five hundred. */
export function withScale(text: string, end: number, value: number): { end: number; value: number } {
  const scale = scaleNext.exec(text.slice(end, end + 12))
  if (!scale) return { end, value }
  const factor = scales[scale[1] ?? ''] ?? 1
  const at = end + scale[0].length
  const rest = factor >= 100 ? restNext.exec(text.slice(at, at + 24)) : null
  if (!rest) return { end: at, value: value * factor }
  const small = worthOf(rest[1]) + worthOf(rest[2])
  const tail = withScale(text, at + rest[0].length, small)
  return tail.value < factor
    ? { end: tail.end, value: value * factor + tail.value }
    : { end: at, value: value * factor }
}

/** Twelve, twenty-five, a hundred and fifty, two point five million. */
export function readEnglishNumeral(text: string, start: number): { end: number; value: number } | undefined {
  const match = begins.exec(text.slice(start, start + 24))
  if (!match) return undefined
  const first = match[1] === undefined ? 1 : worthOf(match[1])
  const second = worthOf(match[2])
  const isPair = match[2] !== undefined && first >= 20 && second < 10
  if (match[2] !== undefined && !isPair) return { end: start + (match[1] ?? '').length, value: first }
  const end = start + match[0].length
  const point = pointNext.exec(text.slice(end, end + 40))
  if (!point) return withScale(text, end, first + second)
  const decimals = (point[1] ?? '')
    .trim()
    .split(/\s+/)
    .map((said) => (said === 'oh' || said === 'zero' ? 0 : worthOf(said)))
  return withScale(text, end + point[0].length, Number(`${first + second}.${decimals.join('')}`))
}
