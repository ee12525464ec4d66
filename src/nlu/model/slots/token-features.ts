import { hashPart, hashText, mix } from './hash.ts'
import type { Found } from './phrase-book.ts'
import type { Token } from './split-tokens.ts'

export type Sight = { tokens: readonly Token[]; intent: string | undefined; found: readonly Found[] }

const edge = 0x5bd1e995 | 0
const numerals = /^[영공일이삼사오육칠팔구십백천만억한두세네다섯여섯일곱여덟아홉열스물서른마흔\d.,]+$/

function shapeOf(text: string): number {
  if (/^\d/.test(text)) return 1
  if (/^[a-z]/.test(text)) return text.includes('.') ? 2 : 3
  if (numerals.test(text)) return 10 + Math.min(4, text.length)
  if (/^[가-힣]/.test(text)) return 20 + Math.min(5, text.length)
  return 30
}

/** Hashes of a text's tokens and of what stands around them, made once and combined many times. */
class View {
  readonly n: number
  readonly words: Int32Array
  readonly whole: Int32Array
  readonly shapes: Int32Array
  readonly tails: Int32Array
  readonly wordAt: Int32Array
  readonly firsts: Int32Array
  readonly wordHash: number[] = []
  readonly wordLast: Token[] = []
  readonly wordFirst: Token[] = []
  readonly sight: Sight
  constructor(sight: Sight) {
    const { tokens } = sight
    this.sight = sight
    this.n = tokens.length
    this.words = new Int32Array(this.n)
    this.whole = new Int32Array(this.n)
    this.shapes = new Int32Array(this.n)
    this.tails = new Int32Array(this.n)
    this.wordAt = new Int32Array(this.n)
    this.firsts = new Int32Array(this.n)
    tokens.forEach((token, i) => {
      this.words[i] = hashText(token.text, 0)
      this.shapes[i] = shapeOf(token.text)
      const w = token.word
      this.wordAt[i] = w
      if (this.wordHash[w] === undefined) {
        this.wordHash[w] = 0
        this.wordFirst[w] = token
      }
      this.wordHash[w] = hashText(token.text, this.wordHash[w] ?? 0)
      this.wordLast[w] = token
    })
    for (let i = this.n - 1; i >= 0; i -= 1) {
      const next = tokens[i + 1]
      const sameWord = next && next.word === tokens[i]?.word
      this.tails[i] = sameWord ? mix(this.tails[i + 1] as number, this.words[i + 1] as number) : 0
    }
  }
  word(i: number): number {
    return i < 0 || i >= this.n ? edge : (this.words[i] as number)
  }
  shape(i: number): number {
    return i < 0 || i >= this.n ? edge : (this.shapes[i] as number)
  }
  eojeol(w: number): number {
    return this.wordHash[w] ?? edge
  }
}

/** The features of each token, as 32-bit hashes: `starts[t]`…`starts[t + 1]` of `hashes`. */
export type Features = { hashes: Int32Array; starts: Int32Array }

class Sink {
  hashes = new Int32Array(1024)
  length = 0
  add(hash: number): void {
    if (this.length === this.hashes.length) {
      const wider = new Int32Array(this.length * 2)
      wider.set(this.hashes)
      this.hashes = wider
    }
    this.hashes[this.length] = hash
    this.length += 1
  }
}
const sink = new Sink()

function addAffixes(text: string, template: number): void {
  for (let k = 1; k <= Math.min(3, text.length); k += 1) {
    sink.add(mix(template + k, hashPart(text, 0, k)))
    sink.add(mix(template + 4 + k, hashPart(text, text.length - k, text.length)))
  }
}

function addGrams(text: string, template: number): void {
  for (let k = 1; k <= 3; k += 1)
    for (let i = 0; i + k <= text.length; i += 1) sink.add(mix(template + k, hashPart(text, i, i + k)))
}

function addSelf(view: View, i: number): void {
  const token = view.sight.tokens[i] as Token
  const w = token.word
  sink.add(mix(1, 0))
  sink.add(mix(2, view.word(i)))
  addAffixes(token.text, 10)
  addGrams(token.text, 20)
  sink.add(mix(30, view.shape(i)))
  sink.add(mix(31, mix(view.shape(i - 1), view.shape(i))))
  sink.add(mix(32, mix(view.shape(i), view.shape(i + 1))))
  sink.add(mix(33, view.tails[i] as number))
  sink.add(mix(34, mix(view.tails[i] as number, view.word(i))))
  const next = view.sight.tokens[i + 1]
  const before = view.sight.tokens[i - 1]
  const seat = (before?.word === w ? 1 : 0) + (next?.word === w ? 2 : 0) + (token.isParticle ? 4 : 0)
  sink.add(mix(35, seat))
  sink.add(mix(36, mix(seat, view.word(i))))
  sink.add(mix(37, view.eojeol(w)))
  sink.add(mix(38, mix(view.eojeol(w), seat)))
  sink.add(mix(39, Math.min(3, i) * 4 + Math.min(3, view.n - 1 - i)))
}

function addAround(view: View, i: number): void {
  const { tokens } = view.sight
  const w = (tokens[i] as Token).word
  for (const d of [-3, -2, -1, 1, 2, 3]) sink.add(mix(50 + d, view.word(i + d)))
  sink.add(mix(60, mix(view.word(i - 1), view.word(i))))
  sink.add(mix(61, mix(view.word(i), view.word(i + 1))))
  sink.add(mix(62, mix(view.word(i - 1), view.word(i + 1))))
  sink.add(mix(63, mix(view.word(i + 1), view.word(i + 2))))
  sink.add(mix(64, mix(view.word(i - 2), view.word(i - 1))))
  for (const d of [-2, -1, 1, 2]) sink.add(mix(75 + d, view.eojeol(w + d)))
  sink.add(mix(80, mix(view.eojeol(w - 1), view.eojeol(w))))
  sink.add(mix(81, mix(view.eojeol(w), view.eojeol(w + 1))))
  const after = view.wordFirst[w + 1]?.text ?? ''
  const before = view.wordLast[w - 1]?.text ?? ''
  for (let k = 1; k <= 2; k += 1) {
    sink.add(mix(82 + k, hashPart(after, 0, Math.min(k, after.length))))
    sink.add(mix(85 + k, hashPart(before, Math.max(0, before.length - k), before.length)))
  }
  sink.add(mix(88, view.eojeol(view.wordHash.length - 1)))
}

function addIntent(view: View, i: number): void {
  const { intent, tokens } = view.sight
  if (intent === undefined) return
  const h = hashText(intent, 0)
  const text = (tokens[i] as Token).text
  sink.add(mix(100, h))
  sink.add(mix(101, mix(h, view.word(i))))
  sink.add(mix(102, mix(h, view.shape(i))))
  sink.add(mix(103, mix(h, view.tails[i] as number)))
  sink.add(mix(104, mix(h, hashPart(text, text.length - 1, text.length))))
  sink.add(mix(105, mix(h, view.word(i - 1))))
  sink.add(mix(106, mix(h, view.word(i + 1))))
}

function addFound(view: View, i: number): void {
  for (const { from, to, list, count } of view.sight.found) {
    if (i < from || i > to) continue
    const kind = from === to ? 4 : i === from ? 1 : i === to ? 3 : 2
    const often = count > 4 ? 2 : count > 1 ? 1 : 0
    sink.add(mix(120, list * 16 + kind))
    sink.add(mix(121, (list * 16 + kind) * 4 + often))
    sink.add(mix(122, (list * 16 + kind) * 8 + to - from))
  }
}

/** Everything that the tagger sees of a text. */
export function featuresOf(sight: Sight): Features {
  const view = new View(sight)
  const starts = new Int32Array(view.n + 1)
  sink.length = 0
  for (let i = 0; i < view.n; i += 1) {
    addSelf(view, i)
    addAround(view, i)
    addIntent(view, i)
    addFound(view, i)
    starts[i + 1] = sink.length
  }
  return { hashes: sink.hashes.slice(0, sink.length), starts }
}
