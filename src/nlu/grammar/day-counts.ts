import { createFinder } from '../text/finder.ts'

/** A stretch of time that is compared, as a number of days: 보름 넘게, 한 달 이상 연체된. */
export type DayCount = { start: number; end: number; days: number }

const daysOf: Record<string, number> = {
  이틀: 2,
  사흘: 3,
  나흘: 4,
  닷새: 5,
  엿새: 6,
  일주일: 7,
  열흘: 10,
  보름: 15,
  한달: 30,
  두달: 60,
  석달: 90,
  세달: 90,
  넉달: 120,
  반년: 180,
}
const word = Object.keys(daysOf)
  .map((name) => name.split('').join('\\s*'))
  .join('|')
const compared = createFinder(
  new RegExp(
    `(?<![가-힣\\d])(${word})(?=(?:을|를|이|도|보다)?\\s*(?:이상|초과|이하|미만|넘[게은는긴겼어]|넘도록)(?:\\s*(?:지난|된))?\\s*(?:연체|밀린|밀려|묵은|안\\s*들어온|못\\s*받은|미수|지연|늦|남[은았]|쉰|쓴|사용))`,
  ),
)

/** Every stretch of days that something is late by or are left, in a lower-case text. A month is taken as thirty days, as dunning does. */
export function readDayCounts(text: string): DayCount[] {
  return compared.all(text).map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    days: daysOf[(match[1] ?? '').replace(/\s/g, '')] ?? 0,
  }))
}
