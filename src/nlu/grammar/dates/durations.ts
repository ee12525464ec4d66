import { addMonths, type Day, type Unit } from '../calendar.ts'
import { pick, sinoOf, units } from './korean-words.ts'

/** How sinoCount: 2년 1개월 21일 is three parts. */
export type Duration = readonly { count: number; unit: Unit }[]

const counts: Record<string, number> = {
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
  열: 10,
  열한: 11,
  열두: 12,
}
const named: Record<string, { count: number; unit: Unit }> = {
  하루: { count: 1, unit: 'day' },
  이틀: { count: 2, unit: 'day' },
  사흘: { count: 3, unit: 'day' },
  나흘: { count: 4, unit: 'day' },
  닷새: { count: 5, unit: 'day' },
  엿새: { count: 6, unit: 'day' },
  이레: { count: 7, unit: 'day' },
  여드레: { count: 8, unit: 'day' },
  아흐레: { count: 9, unit: 'day' },
  열흘: { count: 10, unit: 'day' },
  보름: { count: 15, unit: 'day' },
  반년: { count: 6, unit: 'month' },
  일주일: { count: 1, unit: 'week' },
}

const sinoCount = '(?:[이삼사오육칠팔구]?십[일이삼사오육칠팔구]?|[삼육칠팔구])'
const nativeCount = Object.keys(counts)
  .sort((a, b) => b.length - a.length)
  .join('|')
/** 이 주 and 이 일 are this week and this matter; two weeks are 이주 or 두 주, and two months never 이 달. */
const counted = `(?:(?:\\d{1,3}|${nativeCount})_(?:개월|주일|주|달|분기|년|일)|(?:${sinoCount}|[일이사오])_(?:개월|주일|년)|${sinoCount}_(?:주|일)|[일이사오](?:주|일))`
const yearAndHalf = `(?:\\d{1,3}|${nativeCount}|[일이삼사오])_년_반(?![가-힣]{2}|기)`
const part = `(?:${yearAndHalf}|일_?주일|반_?년|${Object.keys(named).join('|')}|${counted})`

/** A pattern without groups for a stretch of time: 3개월, 열흘, 1개월 하고 21일. */
export const durationWord = `${part}(?:_(?:하고|,)?_${part}){0,3}`

const parts = new RegExp(
  `(${Object.keys(named).join('|')})|(\\d{1,3}|${nativeCount}|[일이삼사오육칠팔구십]+?)(개월|주일|주|달|분기|년|일)`,
  'g',
)

/** What a match of `durationWord` says; undefined when a part is no number. */
export function readDuration(said: string): Duration | undefined {
  // 1년 반 is a year and six months.
  const text = said.replace(/하고|[\s,]/g, '').replace(/년반(?!년)/, '년6개월')
  const found = [...text.matchAll(parts)].map(([, name, count = '', unitText = '']) => {
    const known = name === undefined ? undefined : named[name]
    const number = /^\d/.test(count) ? Number(count) : (counts[count] ?? sinoOf(count))
    return known ?? { count: number, unit: pick(units, unitText) ?? ('day' as const) }
  })
  return found.length > 0 && found.every(({ count }) => count >= 1) ? found : undefined
}

const monthsIn: Partial<Record<Unit, number>> = { month: 1, quarter: 3, half: 6, year: 12 }
const daysIn: Partial<Record<Unit, number>> = { day: 1, week: 7 }

/** The same day that much later, or earlier with `sign` -1. */
export function shiftDay(day: Day, duration: Duration, sign: 1 | -1): Day {
  const months = duration.reduce((sum, { count, unit }) => sum + count * (monthsIn[unit] ?? 0), 0)
  const rest = duration.reduce((sum, { count, unit }) => sum + count * (daysIn[unit] ?? 0), 0)
  return addMonths(day, sign * months) + sign * rest
}
