import { readFileSync } from 'node:fs'
import { companyNames } from '../src/cli/company-names.ts'
import type { NameEntry } from '../src/nlu/index.ts'

const companyFile = new URL('../demo/company.json', import.meta.url)
const listFile = new URL('../docs/questions.jsonl', import.meta.url)

/** The day that the questions are asked on. */
export const benchDay = '2026-11-23'

/** The names of the demo company's master data. */
export function demoNames(): NameEntry[] {
  return companyNames(JSON.parse(readFileSync(companyFile, 'utf8')))
}

/** The questions of docs/questions.md, Korean and English, 190 of them: those that people are shown and ask again and again. */
export function listedQuestions(): string[] {
  return readFileSync(listFile, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const { text, turns } = JSON.parse(line) as { text?: string; turns?: ({ text: string } | string)[] }
      return turns ? turns.map((turn) => (typeof turn === 'string' ? turn : turn.text)) : (text ?? [])
    })
}

const periods = [
  '이번 달',
  '지난달',
  '올해',
  '작년',
  '지난주',
  '최근 3개월',
  '10월',
  '2분기',
  '상반기',
  '어제',
].flatMap((ko) => [ko, `${ko}에`])
const asked = [
  '매출 얼마야?',
  '매출액 알려줘',
  '수주 건수',
  '수주금액은?',
  '판매수량 월별로',
  '매출이익 품목별',
  '미수금',
]
const english = ['sales', 'orders', 'order value', 'gross profit', 'quantity sold by item']
const englishPeriods = ['this month', 'last month', 'this year', 'last year', 'in October', 'last week', 'this quarter']

/** Questions that differ from each other all: every customer by times by what is asked of it, one in three in English. */
function freshQuestions(): string[] {
  const customers = demoNames().flatMap(({ domain, name }) => (domain === 'customer' ? [name] : []))
  const korean = asked.flatMap((what) => periods.flatMap((when) => customers.map((who) => `${when} ${who} ${what}`)))
  const inEnglish = english.flatMap((what) =>
    englishPeriods.flatMap((when) => customers.map((who) => `${what} of ${who} ${when}`)),
  )
  return korean.flatMap((text, i) => (i % 2 === 0 && inEnglish[i / 2] ? [text, inEnglish[i / 2] ?? ''] : [text]))
}

/** An endless run of questions: every other one is from the list that people ask again and again, the rest are new for long. */
export function* askedQuestions(): Generator<string, never> {
  const listed = listedQuestions()
  const fresh = freshQuestions()
  for (let i = 0; ; i += 1) {
    // 7 and 11 share no factor with the lengths at hand: neighbours in the lists are not asked one after the other.
    yield listed[(i * 7) % listed.length] ?? ''
    yield fresh[(i * 11) % fresh.length] ?? ''
  }
}
