/** A prefix tree over compact words. Values of the same word pile up in the order they were added. */
type Node<T> = { next: Map<string, Node<T>>; values: T[] }

type WordMatch<T> = { end: number; values: readonly T[] }

/** Words to values, with look-up of every word that starts at a place of a text. */
export type WordTrie<T> = {
  add(word: string, value: T): void
  matchesAt(text: string, start: number): WordMatch<T>[]
  get(word: string): readonly T[]
}

/** Makes an empty trie; `add` takes words already folded by `compactOf`. */
export function createWordTrie<T>(): WordTrie<T> {
  const root: Node<T> = { next: new Map(), values: [] }
  const find = (word: string): Node<T> | undefined => {
    let node: Node<T> | undefined = root
    for (let i = 0; i < word.length && node; i += 1) node = node.next.get(word[i] ?? '')
    return node
  }
  return {
    add(word, value) {
      let node = root
      for (let i = 0; i < word.length; i += 1) {
        const letter = word[i] ?? ''
        const next = node.next.get(letter) ?? { next: new Map(), values: [] }
        node.next.set(letter, next)
        node = next
      }
      if (word.length > 0) node.values.push(value)
    },
    matchesAt(text, start) {
      const found: WordMatch<T>[] = []
      let node = root
      for (let i = start; i < text.length; i += 1) {
        const next = node.next.get(text[i] ?? '')
        if (!next) break
        node = next
        if (node.values.length > 0) found.push({ end: i + 1, values: node.values })
      }
      return found
    },
    get: (word) => find(word)?.values ?? [],
  }
}
