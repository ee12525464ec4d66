import type { FuzzyWords } from './fuzzy-words.ts'
import type { NameIndex, NameSense } from './name-index.ts'

/** What a name is known by across its entries. */
export const nameKey = ({ domain, name }: { domain: string; name: string }): string => `${domain}\0${name}`

type Words = NameIndex['trie']
type IsThere = (sense: NameSense) => boolean

/** An index of the names of `base` but those `gone`, and of those of `top`: as if all had been indexed together. */
export function layerNames(base: NameIndex, top: NameIndex, gone: ReadonlySet<string>): NameIndex {
  const isThere: IsThere = (sense) => !gone.has(nameKey(sense))
  return {
    revision: top.revision,
    size: top.size,
    trie: layerWords(base.trie, top.trie, isThere),
    roman: layerWords(base.roman, top.roman, isThere),
    fuzzy: layerFuzzy(base.fuzzy, top.fuzzy, isThere),
    fuzzyRoman: layerFuzzy(base.fuzzyRoman, top.fuzzyRoman, isThere),
  }
}

function layerWords(base: Words, top: Words, isThere: IsThere): Words {
  return {
    get: (word) => [...base.get(word).filter(isThere), ...top.get(word)],
    matchesAt(text, start) {
      const below = base.matchesAt(text, start)
      const above = top.matchesAt(text, start)
      if (below.length === 0) return above
      // Most names stay as they are, and at most places none begins.
      if (above.length === 0 && below.every(({ values }) => values.every(isThere))) return below
      const byEnd = new Map<number, NameSense[]>()
      for (const { end, values } of below) {
        const left = values.filter(isThere)
        if (left.length > 0) byEnd.set(end, left)
      }
      for (const { end, values } of above) byEnd.set(end, [...(byEnd.get(end) ?? []), ...values])
      return [...byEnd].map(([end, values]) => ({ end, values })).sort((a, b) => a.end - b.end)
    },
  }
}

type Matches = ReturnType<FuzzyWords<NameSense>['near']>

function layerFuzzy(base: FuzzyWords<NameSense>, top: FuzzyWords<NameSense>, isThere: IsThere): FuzzyWords<NameSense> {
  return {
    near: (word) => mergeMatches(base.near(word), top.near(word), isThere),
    nearShort: (word) => mergeMatches(base.nearShort(word), top.nearShort(word), isThere),
  }
}

/** The nearest first, and of those as near the shorter. */
function mergeMatches(base: Matches, top: Matches, isThere: IsThere): Matches {
  const left = base.map((match) => ({ ...match, values: match.values.filter(isThere) }))
  const byWord = new Map(left.filter(({ values }) => values.length > 0).map((match) => [match.word, match]))
  for (const match of top) {
    const known = byWord.get(match.word)
    byWord.set(match.word, known ? { ...known, values: [...known.values, ...match.values] } : match)
  }
  return [...byWord.values()].sort((a, b) => a.slips - b.slips || a.word.length - b.word.length)
}
