import type { UnknownWord } from '../cover.ts'
import type { Reading } from '../read-text.ts'
import type { NameGuess } from './name-kinds.ts'

const families =
  '김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소석선설길연위표명기반왕금옥육인맹제모'
const familyNames = new Set(families)
// No given name ends in 는: 나오는 is a verb.
const personName = new RegExp(`^[${families}][가-힣](?![는은던을를])[가-힣]$`)
/** Whether a word is built as a Korean name of three syllables is. */
export const isBuiltAsPerson = (text: string): boolean => personName.test(text)
const titled = /(?:씨|님)$/
const particle = /(?<=^[가-힣]{3})(?:한테서|에게서|에게|한테|이랑|하고|은|는|이|가|을|를|의|와|과|랑|도|만|께)$/
/** A name of three syllables and the longest particle or title. */
const longestWritten = 6
const titleAfter = /^\s*(?:씨|님)(?![가-힣]{2})/

/** So unlike an ordinary word a stretch must look before it is taken for a name. */
const mostLikeWord = 0.3

/**
 * A person's name can look like verb endings (한유진가) or have another word in it (길우진 님). Passed over, the question would be
 * answered for everyone: such words are made unknown. The rest of the reading stays.
 */
export function exposeNames(reading: Reading, guessName: (text: string) => NameGuess): Reading {
  const { normal, pieces } = reading
  const found: UnknownWord[] = []
  for (let start = 0; start < normal.compact.length; ) {
    let end = start + 1
    while (!normal.gap[end]) end += 1
    // Nearly no word begins and is as long as a person's name is.
    if (end - start < 3 || end - start > longestWritten || !familyNames.has(normal.compact[start] ?? '')) {
      start = end
      continue
    }
    const written = normal.compact.slice(start, end)
    const after = normal.text.slice((normal.textAt[end - 1] ?? 0) + 1)
    const isTitled = titled.test(written) || titleAfter.test(after)
    const text = written.replace(isTitled ? titled : particle, '')
    const inside = pieces.filter((piece) => piece.start < end && piece.end > start)
    const isRead = inside.some(
      ({ meaning, start: from, end: to }) => meaning.kind === 'words' || (from <= start && to >= start + text.length),
    )
    if (!isRead && (isTitled || inside.length === 0) && looksLikeName(text, guessName))
      found.push({ start, end: start + text.length, text, afterNoun: false })
    start = end
  }
  if (found.length === 0) return reading
  const isLeft = (start: number, end: number) => !found.some((word) => start < word.end && end > word.start)
  return {
    ...reading,
    pieces: pieces.filter(({ start, end }) => isLeft(start, end)),
    unknown: [...reading.unknown.filter(({ start, end }) => isLeft(start, end)), ...found].sort(
      (a, b) => a.start - b.start,
    ),
  }
}

function looksLikeName(text: string, guessName: (text: string) => NameGuess): boolean {
  if (!personName.test(text)) return false
  return (guessName(text).find(({ kind }) => kind === 'word')?.probability ?? 0) < mostLikeWord
}
