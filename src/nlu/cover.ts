import type { Piece } from './pieces.ts'
import type { NormalText } from './text/normalize.ts'
import { isAskingWord } from './words/asking-words.ts'
import { isPlainEnglish, isPlainKorean } from './words/plain-words.ts'

/** A stretch that no piece covers and that is no plain word either: something was said that we don't know. */
export type UnknownWord = {
  start: number
  end: number
  text: string
  afterNoun: boolean
  /** No word at all: half a document number, a mark. */
  isSign?: boolean
}

/** Pieces by where they start; at most places none does. */
function listByStart(length: number, pieces: readonly Piece[]): (Piece[] | undefined)[] {
  const byStart: (Piece[] | undefined)[] = new Array(length).fill(undefined)
  for (const piece of pieces) {
    const beside = byStart[piece.start]
    if (beside) beside.push(piece)
    else byStart[piece.start] = [piece]
  }
  return byStart
}

/** The pieces that do not overlap and score highest together, in order. */
export function bestCover(length: number, candidates: readonly Piece[]): Piece[] {
  const byStart = listByStart(length, candidates)
  const best: number[] = new Array(length + 1).fill(0)
  const choice: (Piece | undefined)[] = new Array(length).fill(undefined)
  for (let i = length - 1; i >= 0; i -= 1) {
    best[i] = best[i + 1] ?? 0
    const beginning = byStart[i]
    if (!beginning) continue
    for (const piece of beginning) {
      const value = piece.score + (best[piece.end] ?? 0)
      if (value > (best[i] ?? 0)) {
        best[i] = value
        choice[i] = piece
      }
    }
  }
  const pieces: Piece[] = []
  for (let i = 0; i < length; ) {
    const piece = choice[i]
    if (piece) pieces.push(piece)
    i = piece ? piece.end : i + 1
  }
  return pieces
}

const scripts = /[가-힣]+|[a-z]+|\d+|[^가-힣a-z\d]+/g

type After = 'start' | 'noun' | 'stem'

function isPlain(text: string, after: After, isSign: boolean): boolean {
  if (isSign && /^[a-z]$/.test(text)) return false
  if (/^[가-힣]+$/.test(text)) return isPlainKorean(text, after) || (after === 'start' && isAskingWord(text))
  if (/^[a-z]+$/.test(text)) return isPlainEnglish(text) || (after !== 'start' && /^(?:s|es|ed|ing)$/.test(text))
  return false
}

/** 샀, 팔렸: the past of any verb has ㅆ below; 할, 은, 는 and 려 take endings too. */
const isVerbEnd = (syllable: string): boolean =>
  (syllable.charCodeAt(0) - 0xac00) % 28 === 20 || /[할은는려]/.test(syllable)

/** What follows a word of the company is a particle; what follows a verb or a word of asking may be an ending too. */
function afterPiece(compact: string, piece: Piece | undefined): After {
  if (!piece) return 'noun'
  const isVerb = piece.meaning.kind !== 'words' || isVerbEnd(compact[piece.end - 1] ?? '')
  return isVerb && !['period', 'amount', 'document'].includes(piece.meaning.kind) ? 'stem' : 'noun'
}

/** One Latin letter is the article or "I" only in English; among Hangul, or as a capital A inside a sentence, it stands for something. */
const signAt =
  ({ raw, rawAt, textAt }: NormalText) =>
  (at: number): boolean => {
    const place = rawAt[textAt[at] ?? 0] ?? 0
    const isCapital = /[a-z]/.test(raw) && place > 0 && raw[place] === 'A' && /[a-z\d,]\s*$/i.test(raw.slice(0, place))
    return /[가-힣]/.test(raw) || isCapital
  }

function unknownIn(normal: NormalText, start: number, end: number, from: After): UnknownWord[] {
  const { compact } = normal
  const isSign = signAt(normal)
  const found: UnknownWord[] = []
  let after = from
  for (const match of compact.slice(start, end).matchAll(scripts)) {
    const at = start + match.index
    if (!isPlain(match[0], after, isSign(at)))
      found.push({ start: at, end: at + match[0].length, text: match[0], afterNoun: after !== 'start' })
    after = 'noun'
  }
  return found
}

/** 100%를: a sign that is not kept stands between a number and its particle. */
const followsSign = ({ text, textAt }: NormalText, at: number): boolean =>
  /[%％℃]/.test(text[(textAt[at] ?? 0) - 1] ?? '')

/** What a cover leaves over, word by word, and what was read as saying nothing that can be used (2월 30일). */
export function findUnknown(normal: NormalText, pieces: readonly Piece[]): UnknownWord[] {
  const covered = new Uint8Array(normal.compact.length)
  for (const piece of pieces) covered.fill(1, piece.start, piece.end)
  const unknown: UnknownWord[] = pieces
    .filter(({ meaning }) => meaning.kind === 'refusal')
    .map(({ start, end }) => ({ start, end, text: normal.compact.slice(start, end), afterNoun: false }))
  for (let i = 0; i < covered.length; ) {
    if (covered[i]) {
      i += 1
      continue
    }
    let end = i + 1
    while (end < covered.length && !covered[end] && !normal.gap[end]) end += 1
    const isGlued = i > 0 && (!normal.gap[i] || followsSign(normal, i))
    const before = isGlued ? pieces.find((piece) => piece.end === i) : undefined
    // 어제자: dated, of a time alone.
    if (before?.meaning.kind === 'period' && normal.compact.slice(i, end) === '자') {
      i = end
      continue
    }
    unknown.push(...unknownIn(normal, i, end, isGlued ? afterPiece(normal.compact, before) : 'start'))
    i = end
  }
  return unknown
}
