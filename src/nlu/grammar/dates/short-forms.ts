import type { AtomicPeriod } from '../atomic-periods.ts'
import type { Day } from '../calendar.ts'
import { readEnglishPeriods } from '../english-periods.ts'
import { readKoreanPeriods } from '../korean-periods.ts'
import { yearWord } from './korean-words.ts'

const joint = '\\s*(?:[~∼〜–-]|에서|부터|,|·|과|와|이?랑|하고)\\s*'

/** 1~3월, 9, 10, 11월, 2024~2026년: the first numbers lack the sign that the last one has. */
const units = new RegExp(
  `(?<![\\d.,~-])(\\d{4}|\\d{1,2})(?=(?:${joint}\\d{1,4})*${joint}(?:\\d{4}\\s*(년)|\\d{1,2}\\s*(월|분기)))`,
  'g',
)
const later = new RegExp(
  `(?<=\\d${joint})(\\d{4}|\\d{1,2})(?=(?:${joint}\\d{1,4})*${joint}\\d{1,4}\\s*(년|월|분기))`,
  'g',
)
/** 3월 5~7일: the first date lacks its sign. */
const dates = new RegExp(
  `((?:${yearWord.replaceAll('_', '\\s*').replaceAll(/\((?!\?)/g, '(?:')}\\s*)?(?:1[0-2]|0?[1-9])\\s*월\\s*)(\\d{1,2})(?=${joint}\\d{1,2}\\s*일)`,
  'g',
)
const monthName = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*'
/** 3 to 7 March, March 3 to 7: one of the dates lacks its month. */
const beforeMonth = new RegExp(
  `\\b(\\d{1,2})(?:st|nd|rd|th)?(?=\\s*(?:-|–|to|and|through)\\s*\\d{1,2}(?:st|nd|rd|th)?\\s+(?:of\\s+)?(${monthName})\\b)`,
  'g',
)
const afterMonth = new RegExp(
  `(?<=\\b(${monthName})\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?\\s*(?:-|–|to|and|through)\\s*)(\\d{1,2})(?:st|nd|rd|th)?\\b(?!\\s*(?:${monthName}|%|units|days|[,.]\\d))`,
  'g',
)

/** The reading of the text written out, put where it stands written short. */
const placed = (found: readonly AtomicPeriod[], text: string, start: number, end: number): AtomicPeriod[] =>
  found
    .filter((one) => one.start === 0 && one.end === text.length && !one.isUnclear)
    .map((one) => ({ ...one, start, end }))

function readKorean(text: string, today: Day): AtomicPeriod[] {
  if (!/\d\s*(?:월|분기|년|일)/.test(text)) return []
  const found: AtomicPeriod[] = []
  const add = (said: string, start: number, end: number): void => {
    found.push(...placed(readKoreanPeriods(said, today), said, start, end))
  }
  for (const m of text.matchAll(units)) {
    const unit = m[2] ?? m[3] ?? ''
    if ((unit === '년') === (m[1]?.length === 4)) add(`${m[1]}${unit}`, m.index, m.index + m[0].length)
  }
  for (const m of text.matchAll(later)) {
    if ((m[2] === '년') === (m[1]?.length === 4)) add(`${m[1]}${m[2]}`, m.index, m.index + m[0].length)
  }
  for (const m of text.matchAll(dates)) add(`${m[1]}${m[2]}일`, m.index, m.index + m[0].length)
  return found
}

function readEnglish(text: string, today: Day): AtomicPeriod[] {
  if (!/\d\s*(?:st|nd|rd|th)?\s*(?:-|–|to|and|through)\s*\d/.test(text) || !/[a-z]{3}/.test(text)) return []
  return [
    ...[...text.matchAll(beforeMonth)].map((m) => [`${m[1]} ${m[2]}`, m] as const),
    ...[...text.matchAll(afterMonth)].map((m) => [`${m[1]} ${m[2]}`, m] as const),
  ].flatMap(([said, m]) => placed(readEnglishPeriods(said, today), said, m.index, m.index + m[0].length))
}

/** Times written short in a list or stretch, where a sign stands only once: 1~3월, 3월 5~7일, 3 to 7 March. */
export const readShortForms = (text: string, today: Day): AtomicPeriod[] => [
  ...readKorean(text, today),
  ...readEnglish(text, today),
]
