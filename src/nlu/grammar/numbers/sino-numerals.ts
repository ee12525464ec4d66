/** A numeral read at a place. `scales`: how many of 십, 백, 천, 만, 억, 조 it has; `isSpelled`: it begins with Hangul, not with a digit. */
export type Numeral = { end: number; value: number; scales: number; isSpelled: boolean }

const digits: Record<string, number> = {
  영: 0,
  공: 0,
  일: 1,
  이: 2,
  삼: 3,
  사: 4,
  오: 5,
  육: 6,
  륙: 6,
  칠: 7,
  팔: 8,
  구: 9,
}
const small: Record<string, number> = { 십: 10, 백: 100, 천: 1000 }
const large: Record<string, number> = { 만: 1e4, 억: 1e8, 조: 1e12 }
/** What spelled numerals begin with. */
export const sinoBeginnings = new Set(Object.keys({ ...digits, ...small, ...large }))
const plain = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|^\d*\.?\d+(?:e[+-]?\d{1,2}(?![a-z\d]))?/

type Sum = { total: number; section: number; current: number | null; lastLarge: number; scales: number }

/** Syllables that are no numeral before what follows: 이상, 이하, 이다, 일만큼, 조각, and the particle 만 at the end of a digit. */
const notTwo =
  /^이(?:상|하|다|며|면|고|지|라|네|었|였|에요|예요|든|기|내|전|후|용|익|월|번\s|때|미|\s*(?:넘|되|안\s|못\s|지나|남|아니))/
const notScale = /^(?:만(?:큼|기|료|족|나|든|약|일\b)|조(?:각|금|회|건|사|정|직)|천(?:안|만에))/

function takeScale(sum: Sum, text: string, at: number): boolean {
  const letter = text[at] ?? ''
  if (notScale.test(text.slice(at, at + 3))) return false
  const tens = small[letter]
  if (tens !== undefined) {
    sum.section += (sum.current ?? 1) * tens
    sum.current = null
    sum.scales += 1
    return true
  }
  const scale = large[letter]
  if (scale === undefined || scale >= sum.lastLarge) return false
  const before = sum.section + (sum.current ?? 0)
  sum.total += (before === 0 ? 1 : before) * scale
  sum.section = 0
  sum.current = null
  sum.lastLarge = scale
  sum.scales += 1
  return true
}

function finish(sum: Sum): number {
  const rest = sum.section + (sum.current ?? 0)
  // 1억 2천 is said for 1억 2천만; 만 2천 is just 12,000.
  const value = sum.total + (sum.lastLarge === 1e8 && sum.section > 0 ? rest * 1e4 : rest)
  return Number(value.toPrecision(15))
}

const scaleNext = (text: string, at: number): boolean => {
  const letter = text[at] ?? ''
  return (letter in small || letter in large) && !notScale.test(text.slice(at, at + 3))
}

/** 오십 이, 오십 이 명: a digit after a space must end the numeral, or be counted. */
const lastDigit = /^.(?=\s*$|\s*[.,?!]|\s*(?:명|개|건|원|퍼센트|%))/
/** 구백일 이상 counts days. */
const daysNext = /^일\s*(?:이상|초과|넘|전|후|간|동안|이?내|안|연체|지난|경과|치|만에)/

/** Whether the digit's syllable at `at` is one here. */
function isDigitHere(sum: Sum, text: string, at: number, isGlued: boolean): boolean {
  const rest = text.slice(at, at + 12)
  if (scaleNext(text, at + 1)) return true
  if (sum.scales === 0) return false
  if (!isGlued) return lastDigit.test(rest) && !notTwo.test(rest)
  return !notTwo.test(rest) && !daysNext.test(rest)
}

const isFigure = (letter: string): boolean => (letter >= '0' && letter <= '9') || letter === '.'

function takeToken(sum: Sum, text: string, at: number, isFirst: boolean): number | undefined {
  const number = isFigure(text[at] ?? '') ? plain.exec(text.slice(at, at + 30))?.[0] : undefined
  if (number) {
    if (sum.current !== null || (!isFirst && sum.scales === 0)) return undefined
    sum.current = Number(number.replaceAll(',', ''))
    return at + number.length
  }
  const digit = sum.current === null ? digits[text[at] ?? ''] : undefined
  const isGlued = isFirst || !/\s/.test(text[at - 1] ?? '')
  if (digit !== undefined && isDigitHere(sum, text, at, isGlued)) {
    sum.current = digit
    return at + 1
  }
  return takeScale(sum, text, at) ? at + 1 : undefined
}

/** Reads digits and Sino-Korean numerals in any mixture, from `start`: 1억 2천, 3,500만, 오십만, 만 2천, 4천3백21. */
export function readSinoNumeral(text: string, start: number): Numeral | undefined {
  const letter = text[start] ?? ''
  if (!isFigure(letter) && !sinoBeginnings.has(letter)) return undefined
  const sum: Sum = { total: 0, section: 0, current: null, lastLarge: Number.POSITIVE_INFINITY, scales: 0 }
  let end = start
  for (let at = start; at < text.length; ) {
    const next = takeToken(sum, text, at, end === start)
    if (next === undefined) break
    end = next
    const spaces =
      sum.scales > 0 && sum.current === null ? (/^ {1,2}/.exec(text.slice(next, next + 2))?.[0].length ?? 0) : 0
    at = next + spaces
  }
  if (end === start) return undefined
  return { end, value: finish(sum), scales: sum.scales, isSpelled: !isFigure(letter) }
}

/** One spelled digit, for where a sign or a unit makes it one: 마이너스 오, 삼 퍼센트. */
export function readSinoDigit(text: string, start: number): Numeral | undefined {
  const value = digits[text[start] ?? '']
  if (value === undefined || notTwo.test(text.slice(start, start + 3))) return undefined
  return { end: start + 1, value, scales: 0, isSpelled: true }
}

const pointTail = /^\s*점\s*([영공일이삼사오육칠팔구]+)/

/** 오점 오, 이백점 영삼: digits said one by one after the point. */
export function withSpokenDecimals(text: string, numeral: Numeral): Numeral {
  const match = numeral.isSpelled ? pointTail.exec(text.slice(numeral.end, numeral.end + 12)) : null
  let said = match?.[1] ?? ''
  if (!match || said === '') return numeral
  const after = text.slice(numeral.end + match[0].length)
  if (said.length > 1 && said.endsWith('이') && notTwo.test(`이${after.slice(0, 2)}`)) said = said.slice(0, -1)
  const value = Number(`${numeral.value}.${[...said].map((letter) => digits[letter]).join('')}`)
  return { ...numeral, end: numeral.end + match[0].length - ((match[1] ?? '').length - said.length), value }
}
