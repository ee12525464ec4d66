import type { Piece } from '../pieces.ts'
import { isIdleWord } from '../plan/sentence.ts'
import type { Reading } from '../read-text.ts'

/** What stands for the company's own words, so that examples hold for any company. As in the training files. */
export const placeholders = { word: '①', name: '②', time: '③', number: '④' } as const

type Shape = { /** Catalog words stay as they were said. */ keepsWords: boolean }

/** Open purchase orders: how the papers stand; open a purchase order is what is to be done. */
function isStatusOf({ pieces }: Reading, piece: Piece): boolean {
  const isStatus = piece.meaning.kind === 'words' && piece.meaning.senses.some(({ kind }) => kind === 'status')
  const next = pieces.find(({ start }) => start === piece.end)
  return isStatus && next?.meaning.kind === 'words' && next.meaning.senses.some(({ kind }) => kind === 'entity')
}

function placeholderOf(reading: Reading, piece: Piece, { keepsWords }: Shape): string | undefined {
  const { meaning } = piece
  if (meaning.kind === 'words') {
    if (meaning.senses.every((sense) => sense.kind === 'name')) return placeholders.name
    if (isStatusOf(reading, piece)) return placeholders.word
    // A particle or light verb that some catalog has as a word (한테, 나갔) tells more by itself.
    return keepsWords || isIdleWord(reading, piece) ? undefined : placeholders.word
  }
  if (meaning.kind === 'period') return placeholders.time
  return meaning.kind === 'amount' || meaning.kind === 'document' ? placeholders.number : undefined
}

/** A reading as text again, with names, times and numbers put as placeholders, and catalog words unless they are kept. */
export function withPlaceholders(reading: Reading, shape: Shape = { keepsWords: false }): string {
  const { normal, pieces } = reading
  let text = ''
  let at = 0
  for (const piece of pieces) {
    const symbol = placeholderOf(reading, piece, shape)
    if (symbol === undefined) continue
    const start = normal.textAt[piece.start] ?? 0
    text += normal.text.slice(at, start) + symbol
    at = (normal.textAt[piece.end - 1] ?? 0) + 1
  }
  return (text + normal.text.slice(at)).slice(0, 300)
}
