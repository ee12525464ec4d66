const letter = /\p{L}/u
const mark = /[\p{M}\p{Nd}]/u
const digitPattern = /\p{Nd}/gu
const symbol = /[\p{S}\p{No}%#&@]/u
/** A symbol such as ① or % is a word of its own: what stands for a name must not melt into the particle behind it. */
const wordPattern = /[\p{L}\p{M}\p{Nd}]+(?:['’][\p{L}]+)*|[\p{S}\p{No}%#&@]/gu

const [unseen, isNothing, isLetter, isMark, isDigit, isSymbol, isHalf] = [0, 1, 2, 3, 4, 5, 6]
/** What each UTF-16 code is; asked of the patterns when it is first met. */
const kinds = new Uint8Array(0x10000)

function kindOf(code: number): number {
  const known = kinds[code] as number
  if (known !== unseen) return known
  const character = String.fromCharCode(code)
  let kind = isNothing
  if (code >= 0xd800 && code <= 0xdfff) kind = isHalf
  else if (letter.test(character)) kind = isLetter
  else if (/\p{Nd}/u.test(character)) kind = isDigit
  else if (mark.test(character)) kind = isMark
  else if (symbol.test(character)) kind = isSymbol
  kinds[code] = kind
  return kind
}

const isInWord = (kind: number): boolean => kind === isLetter || kind === isMark || kind === isDigit

/** Where the word that begins at `start` ends: it's is one. */
function endOfWord(text: string, start: number): number {
  let end = start + 1
  while (end < text.length && isInWord(kindOf(text.charCodeAt(end)))) end += 1
  while (/['’]/.test(text[end] ?? '') && kindOf(text.charCodeAt(end + 1)) === isLetter) {
    end += 2
    while (end < text.length && kindOf(text.charCodeAt(end)) === isLetter) end += 1
  }
  return end
}

/** The words of a text for counting: composed (NFC), lower case, every digit 0, punctuation left out. */
export function splitWords(text: string): string[] {
  let plain = text.normalize('NFC').toLowerCase()
  let hasDigit = false
  for (let i = 0; i < plain.length; i += 1) {
    const kind = kindOf(plain.charCodeAt(i))
    // Letters beyond the first 65,536 take two codes; few texts have any.
    if (kind === isHalf) return plain.replace(digitPattern, '0').match(wordPattern) ?? []
    if (kind === isDigit) hasDigit = true
  }
  if (hasDigit) plain = plain.replace(digitPattern, '0')
  const words: string[] = []
  for (let start = 0; start < plain.length; ) {
    const kind = kindOf(plain.charCodeAt(start))
    const end = isInWord(kind) ? endOfWord(plain, start) : start + 1
    if (kind !== isNothing) words.push(plain.slice(start, end))
    start = end
  }
  return words
}
