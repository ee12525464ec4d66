import { hashText } from './hash.ts'
import type { Token } from './split-tokens.ts'

const longest = 6

/**
 * Phrases known to fill slots, by the hash of their folded text without spaces. `own` phrases come from labelled spans and carry how
 * often they were labelled; a training text does not see its own label among them.
 */
export type PhraseBook = Map<number, Map<number, number>>

/** A phrase of the book found over tokens `from`…`to` (inclusive), in `list`, labelled `count` times. */
export type Found = { from: number; to: number; list: number; count: number }

export function phraseHash(tokens: readonly Token[], from: number, to: number): number {
  let hash = 0
  for (let t = from; t <= to; t += 1) hash = hashText(tokens[t]?.text ?? '', hash)
  return hash
}

export function addPhrase(book: PhraseBook, hash: number, list: number, count = 1): void {
  const lists = book.get(hash) ?? new Map<number, number>()
  lists.set(list, (lists.get(list) ?? 0) + count)
  book.set(hash, lists)
}

/** All phrases of the book in a text, longest first at each place. `except` (hash, list) pairs count one less. */
export function findPhrases(book: PhraseBook, tokens: readonly Token[], except?: PhraseBook): Found[] {
  const found: Found[] = []
  for (let from = 0; from < tokens.length; from += 1) {
    let hash = 0
    for (let to = from; to < Math.min(tokens.length, from + longest); to += 1) {
      hash = hashText(tokens[to]?.text ?? '', hash)
      const lists = book.get(hash)
      if (!lists) continue
      const own = except?.get(hash)
      for (const [list, count] of lists) {
        const left = count - (own?.get(list) ?? 0)
        if (left > 0) found.push({ from, to, list, count: left })
      }
    }
  }
  return found
}
