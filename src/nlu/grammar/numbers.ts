import { englishNumbers, nativeNumbers } from './number-words.ts'

/** A number read in a text, with the counter or unit that follows it as it is written: 개, 원, %, days. */
export type NumberReading = { start: number; end: number; value: number; unit?: string }

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
/** Some are said alone too: 하나, 둘. */
const native: Record<string, number> = { ...nativeNumbers, 하나: 1, 둘: 2, 셋: 3, 넷: 4, 스물: 20 }
const englishScale: Record<string, number> = {
  hundred: 100,
  thousand: 1e3,
  k: 1e3,
  million: 1e6,
  m: 1e6,
  mn: 1e6,
  mil: 1e6,
  billion: 1e9,
  bn: 1e9,
  b: 1e9,
}

const koreanUnits =
  '원|개사|개월|개소|개|건|명|사람|분기|곳|군데|대|장|박스|일|달|주일|주|년|시간|시|분|위|등|퍼센트|프로|퍼|종|가지|번'
const unitAfter = new RegExp(
  `^\\s*(?:(${koreanUnits})|(%|(?:won|krw|percent|pct|pieces|piece|pcs|units|unit|ea|days|day|customers|people)(?![a-z])))`,
)
const latinScale = /^\s*(hundred|thousand|million|billion|mil|mn|bn|k|m|b)(?![a-z0-9])/
const plain = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?|^\d+(?:\.\d+)?/

type Sum = { total: number; section: number; current: number | null; lastLarge: number; sawScale: boolean }

function takeScale(sum: Sum, letter: string): boolean {
  const tens = small[letter]
  if (tens !== undefined) {
    sum.section += (sum.current ?? 1) * tens
    sum.current = null
    sum.sawScale = true
    return true
  }
  const scale = large[letter]
  if (scale === undefined || scale >= sum.lastLarge) return false
  const before = sum.section + (sum.current ?? 0)
  sum.total += (before === 0 ? 1 : before) * scale
  sum.section = 0
  sum.current = null
  sum.lastLarge = scale
  sum.sawScale = true
  return true
}

function finish(sum: Sum): number {
  const rest = sum.section + (sum.current ?? 0)
  // 1억 2천 is said for 1억 2천만; 만 2천 is just 12,000.
  return sum.total + (sum.lastLarge === 1e8 && sum.section > 0 ? rest * 1e4 : rest)
}

/** 이 is two before a scale (이백) and right after one (백이), unless it begins 이상 or 이하. */
function isNumeral(text: string, at: number, isInside: boolean): boolean {
  const next = text[at + 1] ?? ''
  return next in small || next in large || (isInside && !/[상하]/.test(next))
}

/** Takes the digits or the numeral at `at`; how far it got, or undefined when there is none that fits. */
function takeToken(
  sum: Sum,
  text: string,
  at: number,
  { start, end }: { start: number; end: number },
): number | undefined {
  const letter = text[at] ?? ''
  const number = plain.exec(text.slice(at, at + 24))?.[0]
  if (number) {
    if (sum.current !== null || (end > start && !sum.sawScale)) return undefined
    sum.current = Number(number.replaceAll(',', ''))
    return at + number.length
  }
  const digit = sum.current === null ? digits[letter] : undefined
  if (digit !== undefined && isNumeral(text, at, end > start && at === end)) {
    sum.current = digit
    return at + 1
  }
  return takeScale(sum, letter) ? at + 1 : undefined
}

/** Reads digits and Sino-Korean numerals in any mixture, from `start`: 1억 2천, 3,500만, 오십만, 만 2천. */
function readKorean(text: string, start: number): { end: number; value: number; hasScale: boolean } | undefined {
  const sum: Sum = { total: 0, section: 0, current: null, lastLarge: Number.POSITIVE_INFINITY, sawScale: false }
  let end = start
  for (let at = start; at < text.length; ) {
    const next = takeToken(sum, text, at, { start, end })
    if (next === undefined) break
    end = next
    at = text[next] === ' ' && sum.sawScale && sum.current === null ? next + 1 : next
  }
  return end > start ? { end, value: finish(sum), hasScale: sum.sawScale } : undefined
}

const withUnit = (text: string, start: number, end: number, value: number): NumberReading => {
  const unit = unitAfter.exec(text.slice(end, end + 12))
  return unit
    ? { start, end: end + unit[0].length, value, unit: (unit[1] ?? unit[2] ?? '').trim() }
    : { start, end, value }
}

const comparatorNext = /^\s*(이상|초과|이하|미만|넘|밑|아래|보다)/
const startsNative = new RegExp(`^(${Object.keys(native).join('|')})\\s*(?=${koreanUnits})`)
const startsEnglish = new RegExp(
  `^(?:(${Object.keys(englishNumbers).join('|')})|an?(?=\\s+(?:hundred|thousand|million|billion)))(?![a-z])`,
)

function readEnglish(text: string, start: number): NumberReading | undefined {
  const word = startsEnglish.exec(text.slice(start, start + 12))
  if (!word) return undefined
  const value = word[1] ? (englishNumbers[word[1]] ?? 1) : 1
  return scaled(text, start, start + word[0].length, value)
}

function scaled(text: string, start: number, end: number, value: number): NumberReading {
  const scale = latinScale.exec(text.slice(end, end + 12))
  if (!scale) return withUnit(text, start, end, value)
  return withUnit(text, start, end + scale[0].length, value * (englishScale[scale[1] ?? ''] ?? 1))
}

function readAt(text: string, start: number, isWordStart: boolean): NumberReading | undefined {
  const first = text[start] ?? ''
  if (/\d/.test(first)) {
    const read = readKorean(text, start)
    if (!read) return undefined
    return read.hasScale ? withUnit(text, start, read.end, read.value) : scaled(text, start, read.end, read.value)
  }
  if (!isWordStart) return undefined
  const counted = startsNative.exec(text.slice(start, start + 8))
  if (counted?.[1]) return withUnit(text, start, start + counted[0].length, native[counted[1]] ?? 1)
  if (/[a-z]/.test(first)) return readEnglish(text, start)
  // Spelled-out numerals are ordinary syllables too, so they must have a scale and be counted or compared.
  const spelled = readKorean(text, start)
  if (!spelled?.hasScale) return undefined
  const reading = withUnit(text, start, spelled.end, spelled.value)
  return reading.unit || comparatorNext.test(text.slice(spelled.end)) ? reading : undefined
}

const sharedScale = /^\s*[~∼〜]\s*\d+(?:\.\d+)?\s*(십만|백만|천만|만|억)/
const scaleOf: Record<string, number> = { 만: 1e4, 십만: 1e5, 백만: 1e6, 천만: 1e7, 억: 1e8 }

/** 10~50만원: the first number takes the scale of the second. */
const withSharedScale = (text: string, one: NumberReading): NumberReading => {
  const isBare = one.unit === undefined && /^\d+$/.test(text.slice(one.start, one.end))
  const scale = isBare ? sharedScale.exec(text.slice(one.end, one.end + 12))?.[1] : undefined
  return scale === undefined ? one : { ...one, value: one.value * (scaleOf[scale] ?? 1) }
}

/** Every number of a lower-case text, left to right, not overlapping. Digits inside a Latin word (m8, a100) are not numbers. */
export function readNumbers(text: string): NumberReading[] {
  const found: NumberReading[] = []
  let at = 0
  while (at < text.length) {
    const before = text[at - 1] ?? ' '
    const isWordStart = !/[\p{L}\p{N}]/u.test(before)
    const isGlued =
      /\d/.test(before) ||
      (/[a-z.,-]/.test(before) && /[a-z\d]/.test(/[a-z]/.test(before) ? before : (text[at - 2] ?? ' ')))
    const reading = isGlued ? undefined : readAt(text, at, isWordStart)
    if (reading && Number.isFinite(reading.value)) {
      found.push(withSharedScale(text, reading))
      at = reading.end
    } else at += 1
  }
  return found
}
