import { getJongseong, hasBatchim } from 'es-hangul'

/** A particle as a dictionary writes it: after a final consonant, then after a vowel. */
export type JosaPair = '은/는' | '이/가' | '을/를' | '과/와' | '으로/로' | '이에요/예요' | '이었어요/였어요' | '이고/고'

type Ending = 'vowel' | 'rieul' | 'consonant'

/** How the digits 0–9 end when read: 영 일 이 삼 사 오 육 칠 팔 구. Trailing zeros read 십 백 천 만 억, which all end in a consonant. */
const digitEndings: Ending[] = [
  'consonant',
  'rieul',
  'vowel',
  'consonant',
  'vowel',
  'vowel',
  'consonant',
  'rieul',
  'rieul',
  'vowel',
]
/** Letters are read by their names; those not here end in a vowel (디, 에스). */
const letterEndings: Record<string, Ending> = { L: 'rieul', M: 'consonant', N: 'consonant', R: 'rieul' }
/** Units and signs that end in a consonant when read; the rest end in a vowel (퍼센트, 킬로그램은 글자로). */
const signEndings: Record<string, Ending> = { '㎏': 'consonant', '㎜': 'vowel', '℃': 'vowel', '%': 'vowel' }

/** `word` with the form of the particle that its reading asks for: A-100은, 3이, R&D가. Quotes, brackets and `**` are not read. */
export function withJosa(word: string, pair: JosaPair): string {
  return word + pickJosa(word, pair)
}

/** The form of the particle alone. */
export function pickJosa(word: string, pair: JosaPair): string {
  const [afterConsonant = '', afterVowel = ''] = pair.split('/')
  const ending = endingOf(word)
  if (pair === '으로/로') return ending === 'consonant' ? afterConsonant : afterVowel
  return ending === 'vowel' ? afterVowel : afterConsonant
}

function endingOf(word: string): Ending {
  const read = word.replace(/\([^)]*\)\s*$/u, '').replace(/[\s*'"’”)\]》」.,·]+$/u, '')
  const last = read.at(-1) ?? ''
  if (/[가-힣]/u.test(last)) return hangulEnding(last)
  if (/\d/.test(last)) return digitEndings[Number(last)] ?? 'consonant'
  if (/[A-Za-z]/.test(last)) return latinEnding(/[A-Za-z]+$/.exec(read)?.[0] ?? last)
  return signEndings[last] ?? 'vowel'
}

function hangulEnding(syllable: string): Ending {
  if (!hasBatchim(syllable)) return 'vowel'
  return getJongseong(syllable) === 'ㄹ' ? 'rieul' : 'consonant'
}

/** Capitals are spelt out (R&D, LG); a word in small letters is read as a Korean would say it (Hanbit → 한빗). */
function latinEnding(letters: string): Ending {
  if (letters === letters.toUpperCase() || !/[aeiouy]/i.test(letters))
    return letterEndings[letters.at(-1)?.toUpperCase() ?? ''] ?? 'vowel'
  const word = letters.toLowerCase()
  if (/(l|le|ll)$/.test(word)) return 'rieul'
  if (/(m|n|ng|me|ne)$/.test(word)) return 'consonant'
  return /[aeiou][bptk]$/.test(word) || /ck$/.test(word) ? 'consonant' : 'vowel'
}
