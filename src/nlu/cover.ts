import type { Piece } from './pieces.ts'
import type { NormalText } from './text/normalize.ts'
import { isPlainEnglish, isPlainKorean } from './words/plain-words.ts'

/** A stretch that no piece covers and that is no plain word either: something was said that we don't know. */
export type UnknownWord = { start: number; end: number; text: string; afterNoun: boolean }

export type Cover = { pieces: Piece[]; unknown: UnknownWord[] }

/** The pieces that do not overlap and score highest together, in order. */
export function bestCover(length: number, candidates: readonly Piece[]): Piece[] {
  const byStart: Piece[][] = Array.from({ length }, () => [])
  for (const piece of candidates) byStart[piece.start]?.push(piece)
  const best: number[] = new Array(length + 1).fill(0)
  const choice: (Piece | undefined)[] = new Array(length).fill(undefined)
  for (let i = length - 1; i >= 0; i -= 1) {
    best[i] = best[i + 1] ?? 0
    for (const piece of byStart[i] ?? []) {
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

function isPlain(text: string, afterNoun: boolean): boolean {
  if (/^[가-힣]+$/.test(text)) return isPlainKorean(text, afterNoun)
  if (/^[a-z]+$/.test(text)) return isPlainEnglish(text) || (afterNoun && /^(?:s|es|ed|ing)$/.test(text))
  return false
}

function unknownIn(compact: string, start: number, end: number, afterPiece: boolean): UnknownWord[] {
  const found: UnknownWord[] = []
  let afterNoun = afterPiece
  for (const match of compact.slice(start, end).matchAll(scripts)) {
    const from = start + match.index
    if (!isPlain(match[0], afterNoun))
      found.push({ start: from, end: from + match[0].length, text: match[0], afterNoun })
    afterNoun = true
  }
  return found
}

/** What a cover leaves over, word by word. */
export function findUnknown(normal: NormalText, pieces: readonly Piece[]): UnknownWord[] {
  const covered = new Uint8Array(normal.compact.length)
  for (const piece of pieces) covered.fill(1, piece.start, piece.end)
  const unknown: UnknownWord[] = []
  for (let i = 0; i < covered.length; ) {
    if (covered[i]) {
      i += 1
      continue
    }
    let end = i + 1
    while (end < covered.length && !covered[end] && !normal.gap[end]) end += 1
    unknown.push(...unknownIn(normal.compact, i, end, !normal.gap[i] && i > 0))
    i = end
  }
  return unknown
}
