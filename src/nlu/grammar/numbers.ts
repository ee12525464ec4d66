import { englishBeginnings, readEnglishNumeral, withScale } from './numbers/english-numerals.ts'
import { fractionBeginnings, readFraction } from './numbers/fractions.ts'
import { nativeBeginnings, readNativeNumeral } from './numbers/native-numerals.ts'
import {
  type Numeral,
  readSinoDigit,
  readSinoNumeral,
  sinoBeginnings,
  withSpokenDecimals,
} from './numbers/sino-numerals.ts'
import { isCompared, isCounted, isPercent, unitAt } from './numbers/units.ts'

/**
 * A number read in a text, with the counter or unit that follows it as it is written: 개, 원, %, days. `isShare`: a part of a whole
 * (절반 is 0.5). `isLoose`: spelled out with neither counter nor comparison, so that it may be an ordinary word (하나, 이천).
 */
export type NumberReading = {
  start: number
  end: number
  value: number
  unit?: string
  isShare?: boolean
  isLoose?: boolean
}

const withUnit = (text: string, start: number, end: number, value: number): NumberReading => {
  const found = unitAt(text, end)
  return found ? { start, end: found.end, value, unit: found.unit } : { start, end, value }
}

/** Phone numbers, addresses and the like, powers, and what stands in a link: digits, but no quantities. */
const codes = /\d+(?:\.\d+)?\^[-+]*\d+|\d+(?:[.-]\d+){2,}(?:[/-]\d+)*|\bhttps?:\/\/\S+/y
const minusSign = /[-−]\s?(?=[\d.₩])₩?/y
const minusFraction = /[-−]\s?(?:(\d+)\s+)?(\d+)\/(\d+)(?![\d/])/y
const minusWord = /(?:마이너스|음수|minus|negative)\s*/y
const particleNext = /^(?:[^가-힣a-z\d]|$|은|는|이|가|을|를|과|와|도|만|의|에|로|인|입|부터|까지|밖에|보다)/
const sentenceNext = /^(?:은|는|과|와|이다|입니다)/
/** Two syllables that are also an ordinary word. */
const words = new Set(['만일', '이만', '만이', '오만', '구조', '이조', '사조', '오조', '백조'])
/** 일, 이, 사, 오 and 구 are too many other things. */
const rareDigits = /^[삼육칠팔영]/

const matchAt = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

const isWhole = (text: string, start: number, end: number): boolean =>
  text.slice(0, start).trim() === '' && /^[\s.?!]*$/.test(text.slice(end))

/** Spelled-out numerals are ordinary syllables too: they must be counted, compared, long, or stand as a word of their own. */
function isSpelledNumber(text: string, start: number, { end, scales }: Numeral): boolean {
  if (isWhole(text, start, end)) return scales > 0 || rareDigits.test(text[start] ?? '')
  const rest = text.slice(end, end + 4)
  if (scales === 0) return rareDigits.test(text[start] ?? '') && sentenceNext.test(rest)
  const said = text.slice(start, end)
  return particleNext.test(rest) && (said.length > 2 || (said.length === 2 && !words.has(said)))
}

function readSpelled(text: string, start: number): NumberReading | undefined {
  const numeral = readSinoNumeral(text, start) ?? readSinoDigit(text, start)
  if (!numeral) return undefined
  const read = withSpokenDecimals(text, numeral)
  const reading = withUnit(text, start, read.end, read.value)
  if (read.scales === 0 && read.end - start === 1) {
    if (isPercent(reading.unit)) return reading
  } else if (reading.unit !== undefined || isCompared(text, read.end)) return reading
  const isSure = read.end > numeral.end || isSpelledNumber(text, start, numeral)
  return isSure ? { start, end: read.end, value: read.value, isLoose: true } : undefined
}

function readNative(text: string, start: number): NumberReading | undefined {
  const numeral = readNativeNumeral(text, start)
  if (!numeral) return undefined
  if (isCounted(text, numeral.end)) return withUnit(text, start, numeral.end, numeral.value)
  const rest = text.slice(numeral.end, numeral.end + 4)
  const stands = numeral.form !== 'counting' && particleNext.test(rest)
  const isAge = numeral.form !== 'alone' && numeral.value > 10 && /^\s*(?:살|세)(?![가-힣]{2})/.test(rest)
  return stands || isAge ? { start, end: numeral.end, value: numeral.value, isLoose: true } : undefined
}

function readDigits(text: string, start: number): NumberReading | undefined {
  const numeral = readSinoNumeral(text, start)
  if (!numeral) return undefined
  if (numeral.scales > 0) return withUnit(text, start, numeral.end, numeral.value)
  const scaled = withScale(text, numeral.end, numeral.value)
  return withUnit(text, start, scaled.end, scaled.value)
}

function readUnsigned(text: string, start: number, isWordStart: boolean): NumberReading | undefined {
  const first = text[start] ?? ''
  const isDigit = /\d/.test(first) || (first === '.' && isWordStart && /\d/.test(text[start + 1] ?? ''))
  if (!isDigit && !isWordStart) return undefined
  const fraction = readFraction(text, start)
  if (fraction) return { start, ...fraction, isShare: true }
  if (isDigit) return readDigits(text, start)
  if (/[a-z]/.test(first)) {
    const english = readEnglishNumeral(text, start)
    return english && withUnit(text, start, english.end, english.value)
  }
  return /[가-힣]/.test(first) ? (readNative(text, start) ?? readSpelled(text, start)) : undefined
}

/** -4/5 is no date, as 4/5 is. */
function readMinusFraction(text: string, start: number): NumberReading | undefined {
  minusFraction.lastIndex = start
  const match = minusFraction.exec(text)
  if (!match || Number(match[3]) === 0) return undefined
  const value = -(Number(match[1] ?? 0) + Number(match[2]) / Number(match[3]))
  return { start, end: start + match[0].length, value, isShare: true }
}

/** -100, 마이너스 5만, 음수 일. After a sign any numeral is one; 10 -20 is a stretch and A-100 a code. */
function readSigned(text: string, start: number): NumberReading | undefined {
  const before = text.slice(Math.max(0, start - 16), start)
  const sign = /[\p{L}\p{N})\]]$|(?:^|\s)\d+\s+$/u.test(before) ? undefined : matchAt(minusSign, text, start)
  const said = sign ?? (/[\p{L}\p{N}]$/u.test(before) ? undefined : matchAt(minusWord, text, start))
  const fraction = sign === undefined ? undefined : readMinusFraction(text, start)
  if (fraction) return fraction
  if (said === undefined || (sign && /\s/.test(sign) && !/분의/.test(text.slice(start, start + 12)))) return undefined
  const at = start + said.length
  const digit = sign === undefined ? readSinoDigit(text, at) : undefined
  const spoken = digit ? withSpokenDecimals(text, digit) : undefined
  const read = readUnsigned(text, at, true) ?? (spoken ? withUnit(text, at, spoken.end, spoken.value) : undefined)
  if (!read) return undefined
  const { isLoose: _, ...sure } = read
  return { ...sure, start, value: -read.value }
}

const sharedScale = /^\s*[~∼〜]\s*\d+(?:\.\d+)?\s*(십만|백만|천만|만|억)/
const scaleOf: Record<string, number> = { 만: 1e4, 십만: 1e5, 백만: 1e6, 천만: 1e7, 억: 1e8 }

/** 10~50만원: the first number takes the scale of the second. */
const withSharedScale = (text: string, one: NumberReading): NumberReading => {
  const isBare = one.unit === undefined && /^\d+$/.test(text.slice(one.start, one.end))
  const scale = isBare ? sharedScale.exec(text.slice(one.end, one.end + 12))?.[1] : undefined
  return scale === undefined ? one : { ...one, value: one.value * (scaleOf[scale] ?? 1) }
}

/** Whether a number cannot begin here because it would be the rest of a word, a code or another number: m8, a100, 1.2. */
function isGlued(text: string, at: number): boolean {
  const before = text[at - 1] ?? ' '
  if (/\d/.test(before)) return true
  return /[a-z.,-]/.test(before) && /[a-z\d]/.test(/[a-z]/.test(before) ? before : (text[at - 2] ?? ' '))
}

/** What numbers, their signs and codes begin with: at any other letter there is nothing to look for. */
const beginnings = new Set([
  ...'0123456789.h-−마음mn',
  ...sinoBeginnings,
  ...nativeBeginnings,
  ...englishBeginnings,
  ...fractionBeginnings,
])
const signs = new Set('-−마음mn')

function readAt(text: string, at: number): NumberReading | undefined {
  if (isGlued(text, at)) return undefined
  const isWordStart = !/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ')
  return (signs.has(text[at] ?? '') ? readSigned(text, at) : undefined) ?? readUnsigned(text, at, isWordStart)
}

/** Every number of a lower-case text, left to right, not overlapping. Digits inside a Latin word (m8, a100) are not numbers. */
export function readNumbers(text: string): NumberReading[] {
  const found: NumberReading[] = []
  for (let at = 0; at < text.length; ) {
    const letter = text[at] ?? ''
    if (!beginnings.has(letter)) {
      at += 1
      continue
    }
    const code = /[\dh]/.test(letter) && !/[\d.]/.test(text[at - 1] ?? ' ') ? matchAt(codes, text, at) : undefined
    const reading = code === undefined ? readAt(text, at) : undefined
    if (reading && Number.isFinite(reading.value)) {
      found.push(withSharedScale(text, reading))
      at = reading.end
    } else at += code?.length ?? 1
  }
  return found
}
