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

const codesOf = (letters: readonly string[]): number[][] =>
  letters.map((one) => [...one].map((jamo) => jamo.charCodeAt(0)))
const initialCodes = codesOf([...initialLetters]).flat()
const vowelCodes = codesOf(vowelLetters)
const finalCodes = codesOf(finalLetters)

/** No syllable has more keystrokes. */
export const longestJamo = 5

/** Writes the keystrokes of one UTF-16 unit into `into`, as `toJamo` spells them. Returns where they end. */
export function writeJamo(code: number, into: Uint16Array, at: number): number {
  const syllable = code - firstSyllable
  if (syllable < 0 || syllable >= 11172) {
    into[at] = code
    return at + 1
  }
  into[at] = initialCodes[Math.floor(syllable / (vowels * finals))] as number
  let next = at + 1
  for (const jamo of vowelCodes[Math.floor(syllable / finals) % vowels] as number[]) {
    into[next] = jamo
    next += 1
  }
  for (const jamo of finalCodes[syllable % finals] as number[]) {
    into[next] = jamo
    next += 1
  }
  return next
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
const firstJamo = 0x3131
const jamoCount = 64
/** 1 where two jamo are alike. */
const alikePairs = new Uint8Array(jamoCount * jamoCount)
for (const pair of alike) {
  const [a = 0, b = 0] = [...pair].map((letter) => letter.charCodeAt(0) - firstJamo)
  alikePairs[a * jamoCount + b] = 1
  alikePairs[b * jamoCount + a] = 1
}
const [eu, ieung] = ['ㅡ'.charCodeAt(0), 'ㅇ'.charCodeAt(0)]

function isAlike(a: number, b: number): boolean {
  const [x, y] = [a - firstJamo, b - firstJamo]
  return x >= 0 && y >= 0 && x < jamoCount && y < jamoCount && alikePairs[x * jamoCount + y] === 1
}

/** What one letter typed for another costs: half a slip for letters that are easily confused. Character codes. */
export const substitutionCost = (a: number, b: number): number => (a === b ? 0 : isAlike(a, b) ? 0.5 : 1)
/** What a letter too many or too few costs. */
export const insertionCost = (letter: number): number => (letter === eu || letter === ieung ? 0.5 : 1)

const longest = 96
/** Rows of the distance table, reused: comparing is what misspelt words spend their time on. */
const rows = [new Float64Array(longest), new Float64Array(longest), new Float64Array(longest)] as const
type Rows = readonly [Float64Array, Float64Array, Float64Array]

/** Fills the next row: what it costs to have made `a` up to letter `i` into each beginning of `b`. Returns the least of it. */
function fillRow(a: string, b: string, i: number, [row, above, before]: Rows): number {
  const x = a.charCodeAt(i - 1)
  row[0] = (above[0] ?? 0) + insertionCost(x)
  let least = row[0] ?? 0
  for (let j = 1; j <= b.length; j += 1) {
    const y = b.charCodeAt(j - 1)
    let cost = Math.min(
      (above[j] ?? 0) + insertionCost(x),
      (row[j - 1] ?? 0) + insertionCost(y),
      (above[j - 1] ?? 0) + substitutionCost(x, y),
    )
    if (i > 1 && j > 1 && x === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === y)
      cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
    row[j] = cost
    if (cost < least) least = cost
  }
  return least
}

/**
 * Slips between two jamo strings: insertions, deletions, substitutions and swaps of neighbours, half price for letters that
 * are easily confused. Gives up (Infinity) once the limit is passed.
 */
export function slipDistance(a: string, b: string, limit: number): number {
  const isFar = Math.abs(a.length - b.length) * 0.5 > limit || b.length >= longest
  if (isFar) return Number.POSITIVE_INFINITY
  let [row, above, before]: Rows = rows
  above[0] = 0
  for (let j = 1; j <= b.length; j += 1) above[j] = (above[j - 1] ?? 0) + insertionCost(b.charCodeAt(j - 1))
  for (let i = 1; i <= a.length; i += 1) {
    if (fillRow(a, b, i, [row, above, before]) > limit) return Number.POSITIVE_INFINITY
    ;[row, above, before] = [before, row, above]
  }
  const distance = above[b.length] ?? Number.POSITIVE_INFINITY
  return distance <= limit ? distance : Number.POSITIVE_INFINITY
}

/** Finals that endings put under an open syllable, by their place in Unicode: ㄴ ㄹ ㅁ ㅂ ㅆ. */
const endingFinals = [4, 8, 16, 17, 20]

/** A stem, and with the finals that endings put under its last syllable: 거두 → 거두, 거둔, 거둘, 거둠, 거둡, 거둤. */
export function withFinals(stem: string): string[] {
  const last = stem.at(-1) ?? ''
  if (!isSyllable(last) || (last.charCodeAt(0) - firstSyllable) % finals !== 0) return [stem]
  return [stem, ...endingFinals.map((final) => stem.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + final))]
}
