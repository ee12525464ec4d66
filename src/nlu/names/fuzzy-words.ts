import { initialsOf, isSyllable, slipDistance, toJamo } from '../text/jamo.ts'
import { keepRecent } from '../text/keep-recent.ts'
import { buildJamoTrie } from './jamo-trie.ts'

type FuzzyMatch<T> = { word: string; slips: number; values: T[] }

/** Words that a misspelt one may have meant. */
export type FuzzyWords<T> = {
  near(word: string): readonly FuzzyMatch<T>[]
  /** Words of two syllables, one slip off, with the same initial consonants: only to be believed when the rest of the text fits. */
  nearShort(word: string): readonly FuzzyMatch<T>[]
}

type Entry<T> = { word: string; jamo: string; digits: string; values: T[] }

const digitsOf = (word: string): string => word.replace(/\D/g, '')

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

/** Words that nothing knows come again: whoever types is read anew at each letter, and every company has its own. */
const mostKept = 2_000

/** Indexes words (compact) for look-up within `slipLimit`. Words with digits must keep their digits. */
export function buildFuzzyWords<T>(words: Iterable<readonly [string, T]>): FuzzyWords<T> {
  const byWord = new Map<string, Entry<T>>()
  for (const [word, value] of words) {
    const entry = byWord.get(word)
    if (entry) entry.values.push(value)
    else byWord.set(word, { word, jamo: toJamo(word), digits: digitsOf(word), values: [value] })
  }
  const entries = [...byWord.values()].filter(({ word }) => slipLimit(word) > 0)
  const trie = buildJamoTrie(entries.map(({ jamo }) => jamo))
  const search = (word: string, limit: number, fits: (entry: Entry<T>) => boolean): FuzzyMatch<T>[] => {
    const digits = digitsOf(word)
    const found: { entry: Entry<T>; index: number; slips: number }[] = []
    trie.search(toJamo(word), limit, (index, slips) => {
      const entry = entries[index]
      if (entry && entry.digits === digits && fits(entry)) found.push({ entry, index, slips })
    })
    return found
      .sort((a, b) => a.slips - b.slips || a.entry.jamo.length - b.entry.jamo.length || a.index - b.index)
      .map(({ entry: { word: near, values }, slips }) => ({ word: near, slips, values }))
  }
  return {
    near: keepRecent(mostKept, (word) => {
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
    }),
    nearShort: keepRecent(mostKept, (word) => {
      if (!/^[가-힣]{2}$/.test(word)) return []
      const initials = initialsOf(word)
      return search(word, 1, (entry) => entry.word.length === 2 && initialsOf(entry.word) === initials)
    }),
  }
}
