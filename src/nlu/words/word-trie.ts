/** A prefix tree over compact words. Values of the same word pile up in the order they were added. Most nodes have one child: no map then. */
type Node<T> = {
  letter: string
  child: Node<T> | undefined
  more: Map<string, Node<T>> | undefined
  values: T[] | undefined
}

const makeNode = <T>(): Node<T> => ({ letter: '', child: undefined, more: undefined, values: undefined })

function childOf<T>(node: Node<T>, letter: string): Node<T> | undefined {
  return node.letter === letter ? node.child : node.more?.get(letter)
}

function addChild<T>(node: Node<T>, letter: string): Node<T> {
  const child = makeNode<T>()
  if (!node.child) {
    node.letter = letter
    node.child = child
  } else {
    node.more ??= new Map()
    node.more.set(letter, child)
  }
  return child
}

type WordMatch<T> = { end: number; values: readonly T[] }

/** Words to values, with look-up of every word that starts at a place of a text. */
export type WordTrie<T> = {
  add(word: string, value: T): void
  matchesAt(text: string, start: number): WordMatch<T>[]
  get(word: string): readonly T[]
}

/** Makes an empty trie; `add` takes words already folded by `compactOf`. */
export function createWordTrie<T>(): WordTrie<T> {
  const root = makeNode<T>()
  const find = (word: string): Node<T> | undefined => {
    let node: Node<T> | undefined = root
    for (let i = 0; i < word.length && node; i += 1) node = childOf(node, word[i] ?? '')
    return node
  }
  return {
    add(word, value) {
      let node = root
      for (let i = 0; i < word.length; i += 1) {
        const letter = word[i] ?? ''
        node = childOf(node, letter) ?? addChild(node, letter)
      }
      if (word.length === 0) return
      node.values ??= []
      node.values.push(value)
    },
    matchesAt(text, start) {
      const found: WordMatch<T>[] = []
      let node: Node<T> | undefined = root
      for (let i = start; i < text.length; i += 1) {
        node = childOf(node, text[i] ?? '')
        if (!node) break
        if (node.values) found.push({ end: i + 1, values: node.values })
      }
      return found
    },
    get: (word) => find(word)?.values ?? [],
  }
}
