import { createFinder } from '../text/finder.ts'
import type { Unit } from './calendar.ts'

/** A unit of time that is asked for, rather than named: 매출이 제일 높은 달, which month. */
export type AskedUnit = { start: number; end: number; unit: Exclude<Unit, 'half'> }

const koreanUnits: Record<string, AskedUnit['unit']> = {
  날: 'day',
  날짜: 'day',
  일자: 'day',
  주: 'week',
  달: 'month',
  월: 'month',
  분기: 'quarter',
  해: 'year',
  년도: 'year',
  연도: 'year',
}
const unitWord = '(날짜|일자|날|주|달|월|분기|해|년도|연도)'
/** What may stand after the unit: a particle, how many of them, or nothing more than asking. */
const unitEnd = '(?=(?:이|은|가|는|을|를|의|에|엔|에는|야|이야|이지|인지|인가|예요|이에요)?(?:\\s|[?.!,~]|\\d|$))'

const koreanAsked = new RegExp(`(?:어느|어떤|무슨|몇)\\s*${unitWord}${unitEnd}`, 'g')
const koreanMost = new RegExp(
  `(?<=(?:제일|가장|젤|최고로|최대로)[^,.?!]{0,24}[가-힣]\\s)(?<=[은는던른린한큰운친판쓴난온간낸든]\\s)${unitWord}${unitEnd}`,
  'g',
)
const englishAsked = /\b(?:which|what)\s+(day|week|month|quarter|year)s?\b/g
const englishMost =
  /(?<=\b(?:best|worst|highest|lowest|biggest|smallest|strongest|weakest|busiest|slowest)(?:\s+(?:selling|sales|\d+|two|three|four|five))?\s+)(day|week|month|quarter|year)s?\b/g

const finders = [koreanAsked, koreanMost, englishAsked, englishMost].map(createFinder)

/** Every unit that is asked for in a lower-case text. */
export function readAskedUnits(text: string): AskedUnit[] {
  return finders.flatMap((finder) =>
    finder.all(text).map((match) => {
      const word = match[1] ?? ''
      const unit = koreanUnits[word] ?? (word as AskedUnit['unit'])
      return { start: match.index, end: match.index + match[0].length, unit }
    }),
  )
}
