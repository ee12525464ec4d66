import type { Meaning } from '../pieces.ts'
import type { Reading } from '../read-text.ts'

/** What stands for the company's own words in features, so that examples hold for any company. As in the training file. */
export const placeholders = { word: '①', name: '②', time: '③', number: '④' } as const

function placeholderOf(meaning: Meaning): string | undefined {
  if (meaning.kind === 'words') {
    const isName = meaning.senses.every((sense) => sense.kind === 'name')
    return isName ? placeholders.name : placeholders.word
  }
  if (meaning.kind === 'period') return placeholders.time
  return meaning.kind === 'amount' || meaning.kind === 'document' ? placeholders.number : undefined
}

/** A reading as text again, with names, catalog words, times and numbers put as placeholders. */
export function withPlaceholders({ normal, pieces }: Reading): string {
  let text = ''
  let at = 0
  for (const piece of pieces) {
    const symbol = placeholderOf(piece.meaning)
    if (symbol === undefined) continue
    const start = normal.textAt[piece.start] ?? 0
    text += normal.text.slice(at, start) + symbol
    at = (normal.textAt[piece.end - 1] ?? 0) + 1
  }
  return (text + normal.text.slice(at)).slice(0, 300)
}

/** Features of a text with placeholders: words, word pairs, and letters in ones to threes with spaces left out. */
export function intentFeatures(text: string): string[] {
  const clean = text
    .toLowerCase()
    .replace(/[?!.,~"'…]+/g, ' ')
    .trim()
  const words = clean.split(/\s+/).filter(Boolean)
  const features = new Set<string>()
  words.forEach((word, i) => {
    features.add(`w ${word}`)
    if (i > 0) features.add(`p ${words[i - 1]} ${word}`)
  })
  const letters = `^${words.join('')}$`
  for (let size = 1; size <= 3; size += 1) {
    for (let i = 0; i + size <= letters.length; i += 1) features.add(letters.slice(i, i + size))
  }
  return [...features]
}
