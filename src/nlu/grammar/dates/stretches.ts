import {
  capitalize,
  oneDay,
  type PeriodMade,
  type PeriodRule,
  periodRule as rule,
  unitFromNow,
} from '../atomic-periods.ts'
import { type Day, lastUnits, nextUnits, unitAround } from '../calendar.ts'
import { type Duration, durationWord, readDuration, shiftDay } from './durations.ts'
import { days, pick } from './korean-words.ts'

/** 일주일 is seven days by name too. */
const simple = (duration: Duration): Duration[number] | undefined => {
  const [one, ...rest] = duration
  if (!one || rest.length > 0) return undefined
  return one.unit === 'week' && one.count === 1 ? { count: 7, unit: 'day' } : one
}

/** The days that end today. */
function recent(today: Day, said: string): PeriodMade | undefined {
  const duration = readDuration(said)
  const one = duration && simple(duration)
  if (!duration) return undefined
  if (!one) return { unit: 'day', back: { from: shiftDay(today, duration, -1) + 1, to: today } }
  return {
    unit: 'day',
    back: lastUnits(today, one.unit, one.count),
    relative: `last${one.count}${capitalize(one.unit)}s`,
  }
}

/** The days that begin today. */
function coming(today: Day, said: string): PeriodMade | undefined {
  const duration = readDuration(said)
  const one = duration && simple(duration)
  if (!duration) return undefined
  if (!one) return { unit: 'day', back: { from: today, to: shiftDay(today, duration, 1) - 1 } }
  return {
    unit: 'day',
    back: nextUnits(today, one.unit, one.count),
    relative: `next${one.count}${capitalize(one.unit)}s`,
  }
}

/** 2주 전 is that week, 1개월 21일 전 that day: as exact as the smallest part. */
function away(today: Day, said: string, sign: 1 | -1): PeriodMade | undefined {
  const duration = readDuration(said)
  const smallest = duration?.at(-1)
  if (!duration || !smallest) return undefined
  if (duration.length === 1) return unitFromNow(today, smallest.unit, sign * smallest.count)
  return { unit: smallest.unit, back: unitAround(shiftDay(today, duration, sign), smallest.unit) }
}

const anchor = '오늘|지금|현재|금일|내일|모레|어제|그저께|그제'
const anchorDay = (today: Day, word: string): Day => today + (/^(?:지금|현재)/.test(word) ? 0 : (pick(days, word) ?? 0))

/** Counted from a day that is said: 오늘로부터 2주 후 is a day, 내일로부터 3일 안 a stretch. */
function anchored(today: Day, match: RegExpExecArray): PeriodMade | undefined {
  const [, word = '', least, said = '', direction = ''] = match
  const from = anchorDay(today, word)
  const duration = readDuration(said)
  if (!duration) return undefined
  const isAgo = direction === '전'
  if (!isAgo && direction !== '후' && direction !== '뒤')
    return { unit: 'day', back: { from, to: shiftDay(from, duration, 1) - 1 } }
  const day = shiftDay(from, duration, isAgo ? -1 : 1)
  return least === undefined ? oneDay(day) : { ...oneDay(day), openEnd: isAgo ? 'from' : 'to' }
}

/** Recent and coming stretches of time, and times counted from today. */
export const stretchRules: PeriodRule[] = [
  rule(`(?:최근|지난|과거|직전|요)_(${durationWord})(?:_?간|_?동안|_?치)?`, (m, today) => recent(today, m[1] ?? '')),
  rule(`(?<![\\d가-힣])(${durationWord})_(?:간의?|동안|치)(?![가-힣]{2})`, (m, today) => recent(today, m[1] ?? '')),
  rule(
    `(?:앞으로|향후|다음|다가오는|지금부터|오늘부터)_(${durationWord})(?:_?간|_?동안|_?이?내에?|_?안에)?(?!_?(?:전|후|뒤|까지|반_))`,
    (m, today) => coming(today, m[1] ?? ''),
  ),
  rule(`(${durationWord})_?(?:이내에?|안에|내로|내에)`, (m, today) => coming(today, m[1] ?? '')),
  rule(`(?<![\\d가-힣])(${durationWord})_전(?![가-힣]{2}|월|년|주|일|분기)`, (m, today) => away(today, m[1] ?? '', -1)),
  rule(`(?<![\\d가-힣])(${durationWord})_(?:(?:후|뒤)(?=에|의|부터|까지|로|가|인|면|$|[^가-힣])|지나서)`, (m, today) =>
    away(today, m[1] ?? '', 1),
  ),
  rule(
    `(${anchor})(?:으?로)?_?부터_(최소_|적어도_)?(${durationWord})_(전|후|뒤|이내|내|안|간|동안)(?![가-힣]{2})`,
    (m, today) => anchored(today, m),
  ),
  rule(
    `(${anchor})(?:으?로)?_?부터_()?(${durationWord}(?<!일))(?=\\s|$|[.,?!])(?!_?(?:전|후|뒤|이내|안|까지|반_))`,
    (m, today) => anchored(today, m),
  ),
  // How many is not said, or which days count: nothing that can be looked up.
  rule(
    `(?:최근|지난|과거|앞으로|향후|다음)_(?:며칠|몇일|(?:몇_(?:일|주|달|개월|년|해)|수_(?:일|개월|년|주(?=_?(?:간|동안)))))(?!_더)(?:_?간|_?동안)?|(?:며칠|몇일|몇_(?:일|주|달|개월|년|해)|수_(?:일|개월))_(?:전|후|뒤|이내|내로|내에|안에|간|동안)(?![가-힣]{2})`,
    () => 'unclear',
  ),
  rule(`(?:${durationWord})_반_(?:전|후|뒤|이내|안|간|동안)|(?:이번|요번|이)_\\d{1,2}0_년(?!대)`, () => 'unclear'),
  rule(
    `(?:영업일|근무일|워킹_?데이)_?(?:기준)?_?(?:으로)?_?(?:${durationWord})_(?:전|후|뒤|이내|내|안|간)|\\d{1,3}_(?:영업일|근무일)_(?:전|후|뒤|이내|내|안|간|동안)?`,
    () => 'unclear',
  ),
]
