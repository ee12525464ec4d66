import { assemble } from 'es-hangul'

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
const pastEnding =
  /(?<=[가-힣])[앗엇햇됏잇갓왓낫썻졋렷겻랏](?=[어습는니지죠나냐던음을으고네])|^[햇잇갓왓낫썻](?=[어습는니지죠나냐던음])|(?<=\s)[햇잇갓왓낫썻](?=[어습는니지죠나냐던음])/g

// Spoken spellings, and letters of codes by their names (엠8), of the same length so that places in the text stay.
const spoken: [RegExp, string][] = [
  [/(?<![가-힣])마니(?=$|\s|[가-힣])/g, '많이'],
  [/(?<![가-힣])만이(?=\s*(?:팔|남|쓴|썼|나간|들어))/g, '많이'],
  // 거래처벌, 월밸: 별 with a slip, after a noun.
  [/(?<=[가-힣]{2}|월|분기)[벌밸뵬뼐](?=로?(?:\s|$))/g, '별'],
  [/엠(?=\d)/g, 'm'],
  [/(?<![가-힣])씨(?=-?\d{2})/g, 'c'],
  [/(?<![가-힣])비(?=-?\d{2})/g, 'b'],
  [/(?<![가-힣])디(?=-?\d{2})/g, 'd'],
]

/** Three or more of the same letter in a row are drawing, not spelling: 얼마야아아아. Digits are left alone. */
function isDrawnOut(text: string, character: string): boolean {
  return /\p{L}/u.test(character) && text.endsWith(character.repeat(2))
}

/** Never throws, whatever the text; reads at most its first 1,000 characters. */
export function normalizeText(raw: string): NormalText {
  const read = raw.slice(0, maxRead).toWellFormed()
  let text = ''
  const rawAt: number[] = []
  for (const match of read.matchAll(clusters)) {
    const folded = foldCharacter(match[0])
    if (folded.length === 1 && isDrawnOut(text, folded)) continue
    for (let i = 0; i < folded.length; i += 1) rawAt.push(match.index)
    text += folded
  }
  rawAt.push(read.length)
  text = text.replace(pastEnding, (syllable) => slack[syllable] ?? syllable)
  for (const [pattern, by] of spoken) text = text.replace(pattern, by)

  let compact = ''
  const textAt: number[] = []
  const compactAt: number[] = []
  const gap: boolean[] = []
  let sawGap = true
  for (let i = 0; i < text.length; i += 1) {
    compactAt.push(compact.length)
    const character = text[i] ?? ''
    if (!wordCharacter.test(character) || looseJamo.test(character)) {
      sawGap = true
      continue
    }
    gap.push(sawGap)
    textAt.push(i)
    compact += character
    sawGap = false
  }
  compactAt.push(compact.length)
  textAt.push(text.length)
  gap.push(true)
  return { raw, text, rawAt, compact, textAt, compactAt, gap, cut: raw.length > maxRead }
}

/** The same folding for words of the catalog and names, so that both sides of a look-up agree. */
export function compactOf(word: string): string {
  return normalizeText(word).compact
}
