import {
  type AtomicPeriod,
  type PeriodRule,
  periodRule as rule,
  runPeriodRules,
  unitFromNow,
} from './atomic-periods.ts'
import type { Day } from './calendar.ts'
import { calendarRules } from './dates/korean-calendar.ts'
import { weekRules } from './dates/korean-weeks.ts'
import { anyOf, days, pick, sides, sideWord, units, yearSyllable } from './dates/korean-words.ts'
import { partOf, partWord } from './dates/parts.ts'
import { stretchRules } from './dates/stretches.ts'

/** Units and days seen from today: 지난달, 다음 분기, 이번 주 초, 그저께. */
const sideRules: PeriodRule[] = [
  // 이월 is what is carried over, not this month.
  rule(
    `(?!이_월)(${sideWord})_(주(?!요(?!일|약)|력|식|주|소|최|관|재|류|임)|달(?!성|러|력|걀)|월(?!급|세|드)|분기|반기|회계_?[연년]도|${yearSyllable}|년도|연도)(?:_(${partWord}))?(?!요일|욜|문|간_?동안|년_?동|말_?마다)`,
    (m, today) => {
      const offset = pick(sides, m[1] ?? '')
      const unit = pick(units, m[2] ?? '')
      return offset === undefined || !unit ? undefined : partOf(unitFromNow(today, unit, offset), m[3])
    },
  ),
  // 그 다음날 is of a day that was said before.
  rule(`(?:(?<![가-힣])|(?<=[가-힣][은는]))(?<!그\\s?)(${anyOf(days)})(?!모레|자_?기준|_기준)`, (m, today) => {
    const offset = pick(days, m[1] ?? '')
    return offset === undefined ? undefined : unitFromNow(today, 'day', offset)
  }),
]

const rules: PeriodRule[] = [...stretchRules, ...calendarRules, ...weekRules, ...sideRules]

/** Korean times and calendar dates, each on its own: 지난달, 3분기, 11월 5일, 최근 3개월. */
export const readKoreanPeriods = (text: string, today: Day): AtomicPeriod[] => runPeriodRules(rules, text, today)
