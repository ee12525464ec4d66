import { readNativeNumeral } from './native-numerals.ts'
import { type Numeral, readSinoDigit, readSinoNumeral } from './sino-numerals.ts'

/** A part of a whole; `value` 0.5 is a half. */
export type Fraction = { end: number; value: number }

const over = /^\s*분의\s*/
const sign = /^(?:마이너스|음수|-)\s*/
const oneOf = /^\s*중(?:에서?)?\s*/
const half =
  /^(?:절반|반(?=\s*$|\s*(?:이상|이하|미만|초과|넘|정도|쯤|가량|밖에|도\s)|(?:을|이|은|의)(?![가-힣]{2}(?![가-힣]))))/
const halfBeginnings = new Set('절반aoh')
/** 3/5 is a day, unless it is compared, or done something with (3/4를 쓴). */
const comparedFigures = /^(\d{1,3})\/(\d{1,3})(?=\s*(?:이상|이하|초과|미만|넘|밖에|정도|도\s|[을를만]))/
const englishHalf = /^(?:a\s+|one\s+)?half(?=\s+of\b)/

const anyNumeral = (text: string, at: number): Numeral | undefined =>
  readSinoNumeral(text, at) ?? readSinoDigit(text, at)

/** What stands over the line. 일만 주세요 asks for one only: a last 만 is the particle. */
function readNumerator(text: string, at: number): Numeral | undefined {
  const numeral = anyNumeral(text, at)
  if (!numeral || text[numeral.end - 1] !== '만') return numeral
  return numeral.end - at > 1 ? anyNumeral(text.slice(0, numeral.end - 1), at) : numeral
}

function readSimple(text: string, start: number): Fraction | undefined {
  const denominator = anyNumeral(text, start)
  const line = denominator ? over.exec(text.slice(denominator.end, denominator.end + 8)) : null
  if (!denominator || !line || denominator.value === 0) return undefined
  const at = denominator.end + line[0].length
  const minus = sign.exec(text.slice(at, at + 8))?.[0] ?? ''
  const numerator = readNumerator(text, at + minus.length)
  if (!numerator) return undefined
  return { end: numerator.end, value: ((minus ? -1 : 1) * numerator.value) / denominator.value }
}

/** 삼과 오분의 일: a whole number and a part. */
function readMixed(text: string, start: number): Fraction | undefined {
  const whole = anyNumeral(text, start)
  const joint = whole ? /^(?:과|와)\s*/.exec(text.slice(whole.end, whole.end + 4)) : null
  const part = whole && joint ? readSimple(text, whole.end + joint[0].length) : undefined
  return whole && part ? { end: part.end, value: whole.value + part.value } : undefined
}

/** 셋 중 하나. With counters (10개 중 3개) these are two numbers. */
function readOneOf(text: string, start: number): Fraction | undefined {
  const all = readNativeNumeral(text, start)
  const joint = all && all.form !== 'counting' ? oneOf.exec(text.slice(all.end, all.end + 8)) : null
  const some = all && joint ? readNativeNumeral(text, all.end + joint[0].length) : undefined
  if (!all || !some || some.form === 'counting' || some.value > all.value) return undefined
  return { end: some.end, value: some.value / all.value }
}

/** What parts of a whole begin with, beside numerals. */
export const fractionBeginnings: ReadonlySet<string> = halfBeginnings

/** Reads 삼분의 이, 3분의 1, 백과 사분의 삼, 셋 중 하나, 절반, half of. */
export function readFraction(text: string, start: number): Fraction | undefined {
  const found = text.indexOf('분의', start) > start ? (readMixed(text, start) ?? readSimple(text, start)) : undefined
  if (found) return found
  const letter = text[start] ?? ''
  const figures = letter >= '0' && letter <= '9' ? comparedFigures.exec(text.slice(start, start + 16)) : null
  if (figures && Number(figures[2]) > 0)
    return {
      end: start + (figures[1] ?? '').length + (figures[2] ?? '').length + 1,
      value: Number(figures[1]) / Number(figures[2]),
    }
  const word = halfBeginnings.has(letter)
    ? (half.exec(text.slice(start, start + 12)) ?? englishHalf.exec(text.slice(start, start + 12)))
    : null
  return word ? { end: start + word[0].length, value: 0.5 } : readOneOf(text, start)
}
