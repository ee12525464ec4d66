import { fromJamoParts, partsOf } from './syllable.ts'

/** Numbers in [0, 1). */
type Random = () => number

const pick = <T>(items: readonly T[], random: Random): T | undefined => items[Math.floor(random() * items.length)]

// Keys that are hit for one another or written for one another, by place in the Unicode order of vowels and finals.
const nearVowels: Record<number, readonly number[]> = {
  0: [4],
  1: [5],
  4: [0],
  5: [1],
  8: [4],
  13: [18],
  18: [13],
  20: [18],
  6: [4],
}
const nearFinals: Record<number, readonly number[]> = {
  20: [19, 0],
  19: [20],
  4: [0, 21],
  8: [0],
  21: [4],
  17: [16],
  1: [0],
}
const nearLetters: Record<string, string> = { a: 's', e: 'r', i: 'o', o: 'p', n: 'm', t: 'y', s: 'a', r: 't', l: 'k' }

function slipLetter(text: string, random: Random): string {
  const places = [...text].flatMap((character, at) =>
    partsOf(character) !== undefined || character in nearLetters ? [at] : [],
  )
  const at = pick(places, random)
  if (at === undefined) return text
  const character = text[at] as string
  return text.slice(0, at) + slipped(character, random) + text.slice(at + 1)
}

function slipped(character: string, random: Random): string {
  const parts = partsOf(character)
  if (!parts) return random() < 0.5 ? '' : (nearLetters[character] ?? character)
  const vowel = pick(nearVowels[parts.vowel] ?? [], random)
  const final = pick(nearFinals[parts.final] ?? [], random)
  if (final !== undefined && (vowel === undefined || random() < 0.5)) return fromJamoParts({ ...parts, final })
  return vowel === undefined ? character : fromJamoParts({ ...parts, vowel })
}

function dropSpace(text: string, random: Random): string {
  const spaces = [...text.matchAll(/(?<=[가-힣①-④}]) (?=[가-힣①-④{])/g)].map(({ index }) => index)
  const at = pick(spaces, random)
  return at === undefined ? text : text.slice(0, at) + text.slice(at + 1)
}

const dropAllSpaces = (text: string): string => (/[가-힣]/.test(text) ? text.replace(/ /g, '') : text)

const particle = /(?<=[가-힣①-④}])(?:은|는|을|를|의)(?= )/g

const dropParticles = (text: string): string => text.replace(particle, '')

/**
 * The text as it may come from a hurried hand: a key beside the right one, a space or particles left out. Slots in braces stay.
 * Sometimes nothing changes.
 */
export function slip(text: string, random: Random): string {
  const kind = random()
  if (kind < 0.3) return dropSpace(text, random)
  if (kind < 0.45) return dropAllSpaces(text)
  if (kind < 0.6) return dropParticles(text)
  return text
    .split(/(\{[^}]*\})/)
    .map((part, i, parts) => (i === longestOf(parts) ? slipLetter(part, random) : part))
    .join('')
}

/** The place of the longest part outside braces. */
const longestOf = (parts: readonly string[]): number =>
  parts.reduce((best, part, i) => (i % 2 === 0 && part.length > (parts[best] ?? '').length ? i : best), 0)
