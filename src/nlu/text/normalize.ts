import { assemble } from 'es-hangul'
import { createFinder, type Finder } from './finder.ts'

/** No question is longer; what follows is not read, and the reader is told. */
const maxRead = 1000

/**
 * A text made ready for reading. `text` is lower case, NFC, ASCII where fullwidth; `compact` is its letters and digits alone,
 * which is what words are looked up in, so that spacing never matters. The index lists map between the three.
 */
export type NormalText = {
  raw: string
  text: string
  /** For each character of `text` (and one past its end) its place in `raw`. */
  rawAt: number[]
  compact: string
  /** For each character of `compact` (and one past its end) its place in `text`. */
  textAt: number[]
  /** For each character of `text` (and one past its end) the first compact character at or after it. */
  compactAt: number[]
  /** Whether something that is no letter or digit stands before this compact character; true at both ends. */
  gap: boolean[]
  cut: boolean
}

const clusters = /[ㄱ-ㅎ][ㅏ-ㅣ](?:[ㄱ-ㅎ](?![ㅏ-ㅣ]))?|[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?|[\s\S]\p{M}*/gu
/** ㅇㅣ번: letters that an input method left apart. */
const looseSyllable = /^[ㄱ-ㅎ][ㅏ-ㅣ]/
const wordCharacter = /[\p{L}\p{N}]/u
const looseJamo = /[\u3131-\u318e\u1100-\u11ff]/

function foldCharacter(cluster: string): string {
  const composed = looseSyllable.test(cluster)
    ? assemble([...cluster])
    : cluster.length > 1
      ? cluster.normalize('NFC')
      : cluster
  const code = composed.charCodeAt(0)
  if (composed.length === 1 && code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0).toLowerCase()
  if (code < 0x20 || code === 0x3000 || code === 0xa0) return ' '
  if (code >= 0x200b && code <= 0x200f) return ''
  const lower = composed.toLowerCase()
  return lower.length === composed.length ? lower : composed
}

// ㅅ typed for ㅆ in past endings: 남앗어 is 남았어.
const slack: Record<string, string> = {
  앗: '았',
  엇: '었',
  햇: '했',
  됏: '됐',
  잇: '있',
  갓: '갔',
  왓: '왔',
  낫: '났',
  썻: '썼',
  졋: '졌',
  렷: '렸',
  겻: '겼',
  랏: '랐',
}
const pastEnding = createFinder(
  /(?<=[가-힣])[앗엇햇됏잇갓왓낫썻졋렷겻랏](?=[어습는니지죠나냐던음을으고네])|^[햇잇갓왓낫썻](?=[어습는니지죠나냐던음])|(?<=\s)[햇잇갓왓낫썻](?=[어습는니지죠나냐던음])/g,
)

// Spoken spellings, and letters of codes by their names (엠8), of the same length so that places in the text stay.
const spokenPatterns: [RegExp, string][] = [
  [/(?<![가-힣])마니(?=$|\s|[가-힣])/g, '많이'],
  [/(?<![가-힣])만이(?=\s*(?:팔|남|쓴|썼|나간|들어))/g, '많이'],
  // 거래처벌, 월밸: 별 with a slip, after a noun.
  [/(?<=[가-힣]{2}|월|분기)[벌밸뵬뼐](?=로?(?:\s|$))/g, '별'],
  [/엠(?=\d)/g, 'm'],
  [/(?<![가-힣])씨(?=-?\d{2})/g, 'c'],
  [/(?<![가-힣])비(?=-?\d{2})/g, 'b'],
  [/(?<![가-힣])디(?=-?\d{2})/g, 'd'],
]
const spoken = spokenPatterns.map(([pattern, by]): [Finder, string] => [createFinder(pattern), by])

/** Three or more of the same letter in a row are drawing, not spelling: 얼마야아아아. Digits are left alone. */
function isDrawnOut(text: string, character: string): boolean {
  return /\p{L}/u.test(character) && text.endsWith(character.repeat(2))
}

/** Letters of a text as they are read, and the place in it of each. */
type Folded = { text: string; rawAt: number[] }

/** Whether a text is of composed Hangul and printable ASCII, and nothing in it is drawn out: then only its case is folded. */
function isPlain(text: string): boolean {
  let before = 0
  let run = 0
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (!((code >= 0x20 && code <= 0x7e) || (code >= 0xac00 && code <= 0xd7a3))) return false
    // The case is left aside: AAa is drawn out too. No letter is below A.
    const letter = code | 0x20
    run = letter === before && code > 0x40 ? run + 1 : 1
    if (run > 2) return false
    before = letter
  }
  return true
}

function fold(read: string): Folded {
  const rawAt: number[] = []
  if (isPlain(read)) {
    for (let i = 0; i <= read.length; i += 1) rawAt.push(i)
    return { text: read.toLowerCase(), rawAt }
  }
  let text = ''
  for (const match of read.matchAll(clusters)) {
    const folded = foldCharacter(match[0])
    if (folded.length === 1 && isDrawnOut(text, folded)) continue
    for (let i = 0; i < folded.length; i += 1) rawAt.push(match.index)
    text += folded
  }
  rawAt.push(read.length)
  return { text, rawAt }
}

/** What each UTF-16 unit is, asked of the pattern when it is first met: 1 part of a word, 2 none. */
const wordUnits = new Uint8Array(0x10000)

function isWordUnit(code: number): boolean {
  if (wordUnits[code] === 0) {
    const character = String.fromCharCode(code)
    wordUnits[code] = wordCharacter.test(character) && !looseJamo.test(character) ? 1 : 2
  }
  return wordUnits[code] === 1
}

/** Never throws, whatever the text; reads at most its first 1,000 characters. */
export function normalizeText(raw: string): NormalText {
  const folded = fold(raw.slice(0, maxRead).toWellFormed())
  let text = pastEnding.replace(folded.text, (syllable) => slack[syllable] ?? syllable)
  for (const [finder, by] of spoken) text = finder.replace(text, () => by)

  let compact = ''
  const textAt: number[] = []
  const compactAt: number[] = []
  const gap: boolean[] = []
  let start = 0
  for (let i = 0; i < text.length; i += 1) {
    compactAt.push(textAt.length)
    if (!isWordUnit(text.charCodeAt(i))) {
      compact += text.slice(start, i)
      start = i + 1
      continue
    }
    gap.push(start === i)
    textAt.push(i)
  }
  compact += text.slice(start)
  compactAt.push(textAt.length)
  textAt.push(text.length)
  gap.push(true)
  return { raw, text, rawAt: folded.rawAt, compact, textAt, compactAt, gap, cut: raw.length > maxRead }
}

/** The same folding for words of the catalog and names, so that both sides of a look-up agree. */
export function compactOf(word: string): string {
  return normalizeText(word).compact
}
