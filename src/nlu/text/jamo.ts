const vowels = 21
const finals = 28
const firstSyllable = 0xac00
const initialLetters = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
const vowelLetters = [
  'ㅏ',
  'ㅐ',
  'ㅑ',
  'ㅒ',
  'ㅓ',
  'ㅔ',
  'ㅕ',
  'ㅖ',
  'ㅗ',
  'ㅗㅏ',
  'ㅗㅐ',
  'ㅗㅣ',
  'ㅛ',
  'ㅜ',
  'ㅜㅓ',
  'ㅜㅔ',
  'ㅜㅣ',
  'ㅠ',
  'ㅡ',
  'ㅡㅣ',
  'ㅣ',
]
const finalLetters = [
  '',
  'ㄱ',
  'ㄲ',
  'ㄱㅅ',
  'ㄴ',
  'ㄴㅈ',
  'ㄴㅎ',
  'ㄷ',
  'ㄹ',
  'ㄹㄱ',
  'ㄹㅁ',
  'ㄹㅂ',
  'ㄹㅅ',
  'ㄹㅌ',
  'ㄹㅍ',
  'ㄹㅎ',
  'ㅁ',
  'ㅂ',
  'ㅂㅅ',
  'ㅅ',
  'ㅆ',
  'ㅇ',
  'ㅈ',
  'ㅊ',
  'ㅋ',
  'ㅌ',
  'ㅍ',
  'ㅎ',
]

/** Whether the character is a composed Hangul syllable. */
export function isSyllable(character: string): boolean {
  const code = character.charCodeAt(0)
  return code >= firstSyllable && code < firstSyllable + 11172
}

/** The initial consonants of a word's syllables: 매출 and 매츨 share theirs. */
export function initialsOf(word: string): string {
  return [...word]
    .map((one) =>
      isSyllable(one)
        ? (initialLetters[Math.floor((one.charCodeAt(0) - firstSyllable) / (vowels * finals))] ?? '')
        : one,
    )
    .join('')
}

/** A word as keystrokes: syllables as jamo, compound vowels and finals as their parts, anything else as it is. */
export function toJamo(word: string): string {
  let jamo = ''
  for (const character of word) {
    if (!isSyllable(character)) {
      jamo += character
      continue
    }
    const code = character.charCodeAt(0) - firstSyllable
    jamo += initialLetters[Math.floor(code / (vowels * finals))] ?? ''
    jamo += vowelLetters[Math.floor(code / finals) % vowels] ?? ''
    jamo += finalLetters[code % finals] ?? ''
  }
  return jamo
}

// Pairs that sound alike or share a key with shift: half a slip. The rest are whole slips.
const alike = [
  'ㅐㅔ',
  'ㅒㅖ',
  'ㄱㄲ',
  'ㄷㄸ',
  'ㅂㅃ',
  'ㅅㅆ',
  'ㅈㅉ',
  'ㄱㅋ',
  'ㄷㅌ',
  'ㅂㅍ',
  'ㅈㅊ',
  'ㅏㅑ',
  'ㅓㅕ',
  'ㅗㅛ',
  'ㅜㅠ',
]
const alikePairs = new Set(alike.flatMap((pair) => [pair, [...pair].reverse().join('')]))
const weak = new Set(['ㅡ', 'ㅇ'])

const substitution = (a: string, b: string): number => (a === b ? 0 : alikePairs.has(a + b) ? 0.5 : 1)
const presence = (letter: string): number => (weak.has(letter) ? 0.5 : 1)

/** The next row of the distance table: what it costs to have made `a` up to letter `i` into each beginning of `b`. */
function nextRow(a: string, b: string, i: number, [above, before]: [number[], number[]]): number[] {
  const x = a[i - 1] ?? ''
  const row = [(above[0] ?? 0) + presence(x)]
  for (let j = 1; j <= b.length; j += 1) {
    const y = b[j - 1] ?? ''
    const cost = Math.min(
      (above[j] ?? 0) + presence(x),
      (row[j - 1] ?? 0) + presence(y),
      (above[j - 1] ?? 0) + substitution(x, y),
    )
    const isSwap = i > 1 && j > 1 && x === b[j - 2] && a[i - 2] === y
    row.push(isSwap ? Math.min(cost, (before[j - 2] ?? 0) + 1) : cost)
  }
  return row
}

/**
 * Slips between two jamo strings: insertions, deletions, substitutions and swaps of neighbours, half price for letters that
 * are easily confused. Gives up (Infinity) once the limit is passed.
 */
export function slipDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) * 0.5 > limit) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let above = [0]
  for (let j = 1; j <= b.length; j += 1) above.push((above[j - 1] ?? 0) + presence(b[j - 1] ?? ''))
  for (let i = 1; i <= a.length; i += 1) {
    const row = nextRow(a, b, i, [above, before])
    if (Math.min(...row) > limit) return Number.POSITIVE_INFINITY
    before = above
    above = row
  }
  const distance = above[b.length] ?? Number.POSITIVE_INFINITY
  return distance <= limit ? distance : Number.POSITIVE_INFINITY
}
