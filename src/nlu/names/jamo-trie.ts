import { insertionCost, substitutionCost } from '../text/jamo.ts'

/** Words by their letters, searched for those within some slips of another: what begins alike is compared once. */
export type JamoTrie = {
  /** Calls `found` with the index of every word within `limit` slips of `jamo`, and with the slips. */
  search(jamo: string, limit: number, found: (index: number, slips: number) => void): void
}

const longest = 96
const far = Number.POSITIVE_INFINITY

type Nodes = {
  letter: Uint16Array
  firstChild: Int32Array
  nextSibling: Int32Array
  /** Words that end here: the first and one past the last in the order of `order`; none when equal. */
  from: Int32Array
  to: Int32Array
}

/** Lays sorted words out as nodes; node 0 is the root. */
function layOut(words: readonly string[], order: Int32Array): Nodes {
  const size = 1 + words.reduce((sum, word) => sum + word.length, 0)
  const nodes: Nodes = {
    letter: new Uint16Array(size),
    firstChild: new Int32Array(size),
    nextSibling: new Int32Array(size),
    from: new Int32Array(size),
    to: new Int32Array(size),
  }
  let count = 1
  const path = new Int32Array(longest + 1)
  const lastChild = new Int32Array(size)
  let before = ''
  order.forEach((index, at) => {
    const word = words[index] ?? ''
    let depth = 0
    while (depth < word.length && depth < before.length && word[depth] === before[depth]) depth += 1
    for (; depth < word.length; depth += 1) {
      const parent = path[depth] ?? 0
      const node = count
      count += 1
      nodes.letter[node] = word.charCodeAt(depth)
      const sibling = lastChild[parent] ?? 0
      if (sibling === 0) nodes.firstChild[parent] = node
      else nodes.nextSibling[sibling] = node
      lastChild[parent] = node
      path[depth + 1] = node
    }
    const end = path[word.length] ?? 0
    if (nodes.to[end] === 0) nodes.from[end] = at
    nodes.to[end] = at + 1
    before = word
  })
  return nodes
}

/** One search: rows of the distance table by depth, only as wide as the limit allows. */
type Search = { target: string; limit: number; band: number; width: number; rows: Float64Array; path: Uint16Array }

function startSearch(target: string, limit: number): Search {
  // A letter too many or too few costs half a slip at least.
  const band = Math.floor(2 * limit)
  const width = target.length + 2
  const rows = new Float64Array((target.length + band + 2) * width).fill(far)
  rows[0] = 0
  for (let j = 1; j <= Math.min(target.length, band); j += 1)
    rows[j] = (rows[j - 1] ?? far) + insertionCost(target.charCodeAt(j - 1))
  return { target, limit, band, width, rows, path: new Uint16Array(target.length + band + 2) }
}

/** Fills the row of a letter at a depth (from 1). Returns the least of it. */
function fillRow({ target, band, width, rows, path }: Search, letter: number, depth: number): number {
  path[depth] = letter
  const at = depth * width
  const above = at - width
  const low = Math.max(1, depth - band)
  const high = Math.min(target.length, depth + band)
  const cost = insertionCost(letter)
  rows[at + low - 1] = low === 1 ? (rows[above] ?? far) + cost : far
  let least = rows[at + low - 1] ?? far
  for (let j = low; j <= high; j += 1) {
    const other = target.charCodeAt(j - 1)
    let best = Math.min(
      (rows[above + j] ?? far) + cost,
      (rows[at + j - 1] ?? far) + insertionCost(other),
      (rows[above + j - 1] ?? far) + substitutionCost(letter, other),
    )
    if (depth > 1 && j > 1 && letter === target.charCodeAt(j - 2) && path[depth - 1] === other)
      best = Math.min(best, (rows[above - width + j - 2] ?? far) + 1)
    rows[at + j] = best
    if (best < least) least = best
  }
  rows[at + high + 1] = far
  return least
}

/** Goes down every branch that is still within the limit. */
function walk(nodes: Nodes, search: Search, report: (node: number, slips: number) => void): void {
  const { target, limit, band, width, rows } = search
  const deepest = target.length + band
  const visit = (parent: number, depth: number): void => {
    for (let node = nodes.firstChild[parent] ?? 0; node !== 0; node = nodes.nextSibling[node] ?? 0) {
      if (fillRow(search, nodes.letter[node] ?? 0, depth) > limit) continue
      const slips = rows[depth * width + target.length] ?? far
      if (depth >= target.length - band && slips <= limit) report(node, slips)
      if (depth < deepest) visit(node, depth + 1)
    }
  }
  visit(0, 1)
}

/** Indexes words of letters (jamo, Latin letters, digits). Words of 96 letters and more are left out. */
export function buildJamoTrie(words: readonly string[]): JamoTrie {
  const order = Int32Array.from(words.keys()).filter((index) => (words[index] ?? '').length < longest)
  order.sort((a, b) => ((words[a] ?? '') < (words[b] ?? '') ? -1 : (words[a] ?? '') > (words[b] ?? '') ? 1 : a - b))
  const nodes = layOut(words, order)
  return {
    search(jamo, limit, found) {
      if (jamo.length === 0 || jamo.length >= longest) return
      const search = startSearch(jamo, limit)
      const report = (node: number, slips: number): void => {
        for (let i = nodes.from[node] ?? 0; i < (nodes.to[node] ?? 0); i += 1) found(order[i] ?? 0, slips)
      }
      walk(nodes, search, report)
    },
  }
}
