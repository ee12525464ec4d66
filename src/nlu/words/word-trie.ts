/**
 * A prefix tree over compact words, by UTF-16 units. Values of the same word pile up in the order they were added. Most nodes have one
 * child: no map then.
 */
type Node<T> = {
  letter: number
  child: Node<T> | undefined
  more: Map<number, Node<T>> | undefined
  values: T[] | undefined
}

const makeNode = <T>(): Node<T> => ({ letter: -1, child: undefined, more: undefined, values: undefined })

function childOf<T>(node: Node<T>, letter: number): Node<T> | undefined {
  return node.letter === letter ? node.child : node.more?.get(letter)
}

function addChild<T>(node: Node<T>, letter: number): Node<T> {
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
  matchesAt(text: string, start: number): readonly WordMatch<T>[]
  get(word: string): readonly T[]
}

/** Words begin at few places of a text. */
const nothing: readonly WordMatch<never>[] = []

/** Makes an empty trie; `add` takes words already folded by `compactOf`. */
export function createWordTrie<T>(): WordTrie<T> {
  const root = makeNode<T>()
  /** 1 for each letter that words begin with: at most places of a text none does. */
  const beginnings = new Uint8Array(0x10000)
  const find = (word: string): Node<T> | undefined => {
    let node: Node<T> | undefined = root
    for (let i = 0; i < word.length && node; i += 1) node = childOf(node, word.charCodeAt(i))
    return node
  }
  return {
    add(word, value) {
      let node = root
      for (let i = 0; i < word.length; i += 1) {
        const letter = word.charCodeAt(i)
        node = childOf(node, letter) ?? addChild(node, letter)
      }
      if (word.length === 0) return
      beginnings[word.charCodeAt(0)] = 1
      node.values ??= []
      node.values.push(value)
    },
    matchesAt(text, start) {
      if (beginnings[text.charCodeAt(start)] !== 1) return nothing
      let found: WordMatch<T>[] | undefined
      let node: Node<T> | undefined = root
      for (let i = start; i < text.length; i += 1) {
        node = childOf(node, text.charCodeAt(i))
        if (!node) break
        if (!node.values) continue
        const match = { end: i + 1, values: node.values }
        if (found) found.push(match)
        else found = [match]
      }
      return found ?? nothing
    },
    get: (word) => find(word)?.values ?? [],
  }
}
