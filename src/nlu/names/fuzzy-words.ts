import { initialsOf, isSyllable, slipDistance, toJamo } from '../text/jamo.ts'

type FuzzyMatch<T> = { word: string; slips: number; values: T[] }

/** Words that a misspelt one may have meant. */
export type FuzzyWords<T> = {
  near(word: string): FuzzyMatch<T>[]
  /** Words of two syllables, one slip off, with the same initial consonants: only to be believed when the rest of the text fits. */
  nearShort(word: string): FuzzyMatch<T>[]
}

type Entry<T> = { word: string; jamo: string; mask: number; values: T[] }

function maskOf(jamo: string): number {
  let mask = 0
  for (let i = 0; i < jamo.length; i += 1) mask |= 1 << (jamo.charCodeAt(i) % 32)
  return mask
}

function bitsOf(value: number): number {
  let bits = 0
  for (let rest = value >>> 0; rest !== 0; rest &= rest - 1) bits += 1
  return bits
}

/** How far a word of this length may be off and still be meant: short words hardly at all. */
function slipLimit(word: string): number {
  let syllables = 0
  for (const character of word) syllables += isSyllable(character) ? 1 : 0
  if (syllables === 0) return word.length < 5 || /\d/.test(word) ? 0 : word.length < 8 ? 1 : 2
  if (syllables < 2) return 0
  if (syllables === 2) return 0.5
  return syllables <= 4 ? 1 : syllables <= 6 ? 1.5 : 2
}

/** Another first letter makes another name: Taesan is not Busan. */
const isLatinPair = (word: string, found: string): boolean =>
  !/^[a-z]/.test(word) || !/^[a-z]/.test(found) || word[0] === found[0]

/** In short words another initial consonant makes another word: 결재선 is not 결재건. */
function soundsAlike(word: string, found: string): boolean {
  const isShort = /^[가-힣]{2,3}$/.test(word) || /^[가-힣]{2,3}$/.test(found)
  return !isShort || slipDistance(initialsOf(word), initialsOf(found), 0.5) <= 0.5
}

/** Indexes words (compact) for look-up within `slipLimit`. Words with digits must keep their digits. */
export function buildFuzzyWords<T>(words: Iterable<readonly [string, T]>): FuzzyWords<T> {
  const byWord = new Map<string, Entry<T>>()
  for (const [word, value] of words) {
    const entry = byWord.get(word)
    if (entry) entry.values.push(value)
    else {
      const jamo = toJamo(word)
      byWord.set(word, { word, jamo, mask: maskOf(jamo), values: [value] })
    }
  }
  const byLength = new Map<number, Entry<T>[]>()
  for (const entry of byWord.values()) {
    if (slipLimit(entry.word) === 0) continue
    const bucket = byLength.get(entry.jamo.length) ?? []
    bucket.push(entry)
    byLength.set(entry.jamo.length, bucket)
  }
  const digitsOf = (word: string): string => word.replace(/\D/g, '')
  const search = (word: string, limit: number, fits: (entry: Entry<T>) => boolean): FuzzyMatch<T>[] => {
    const jamo = toJamo(word)
    const mask = maskOf(jamo)
    const found: FuzzyMatch<T>[] = []
    for (let length = Math.ceil(jamo.length - 2 * limit); length <= jamo.length + 2 * limit; length += 1) {
      for (const entry of byLength.get(length) ?? []) {
        if (bitsOf(entry.mask ^ mask) > 4 * limit || digitsOf(entry.word) !== digitsOf(word) || !fits(entry)) continue
        const slips = slipDistance(jamo, entry.jamo, limit)
        if (Number.isFinite(slips)) found.push({ word: entry.word, slips, values: entry.values })
      }
    }
    return found.sort((a, b) => a.slips - b.slips)
  }
  return {
    near(word) {
      const limit = slipLimit(word)
      return limit === 0
        ? []
        : search(
            word,
            limit,
            (entry) => slipLimit(entry.word) >= limit || Math.abs(entry.word.length - word.length) <= 1,
          ).filter(
            ({ word: found, slips }) =>
              slips <= Math.max(slipLimit(found), 0.5) && soundsAlike(word, found) && isLatinPair(word, found),
          )
    },
    nearShort(word) {
      if (!/^[가-힣]{2}$/.test(word)) return []
      const initials = initialsOf(word)
      return search(word, 1, (entry) => entry.word.length === 2 && initialsOf(entry.word) === initials)
    },
  }
}
