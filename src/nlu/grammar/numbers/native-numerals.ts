const tens: Record<string, number> = {
  열: 10,
  스물: 20,
  서른: 30,
  마흔: 40,
  쉰: 50,
  예순: 60,
  일흔: 70,
  여든: 80,
  아흔: 90,
}
const counting: Record<string, number> = {
  한: 1,
  두: 2,
  세: 3,
  석: 3,
  네: 4,
  넉: 4,
  다섯: 5,
  여섯: 6,
  일곱: 7,
  여덟: 8,
  아홉: 9,
}
const alone: Record<string, number> = { 하나: 1, 둘: 2, 셋: 3, 넷: 4 }
const ones = { ...alone, ...counting }
const either = (words: Record<string, number>): string =>
  Object.keys(words)
    .sort((a, b) => b.length - a.length)
    .join('|')

/** What native numerals begin with. */
export const nativeBeginnings = new Set(['스', ...Object.keys({ ...tens, ...ones }).map((name) => name[0] ?? '')])

/** 스무 stands alone before a counter; the rest is tens, ones or both. */
const native = new RegExp(`^(?:스무|(${either(tens)})?(${either(ones)})?)`)

/** A native numeral read at a place. `form`: 세 must be counted (세 개), 셋 stands alone, of two parts (서른다섯) it does either. */
export type NativeNumeral = { end: number; value: number; form: 'counting' | 'alone' | 'compound' }

/** Reads 한, 하나, 열두, 스물여섯, 쉰. Whether it is a number and no part of a word is for the caller to see. */
export function readNativeNumeral(text: string, start: number): NativeNumeral | undefined {
  if (!nativeBeginnings.has(text[start] ?? '')) return undefined
  const match = native.exec(text.slice(start, start + 5))
  if (!match || match[0] === '') return undefined
  const [said, ten, one] = match
  const value = said === '스무' ? 20 : (tens[ten ?? ''] ?? 0) + (ones[one ?? ''] ?? 0)
  const isAlone =
    (one !== undefined && (one in alone || value > 4)) || (one === undefined && ten !== undefined && ten !== '열')
  const form = ten !== undefined && one !== undefined ? 'compound' : isAlone ? 'alone' : 'counting'
  return { end: start + said.length, value, form }
}
