import type { PeriodMade } from '../atomic-periods.ts'
import { type ClosedRange, weekdayOf } from '../calendar.ts'
import { weekdays } from './korean-words.ts'

/** A weekday after a date, as one group: 21일 목요일, 3/5(목). */
export const weekdayAfter = `(?:_,?_\\(?_([${weekdays}])(?:요일|욜|\\)))?`

/** 21일 목요일: of the readings that the words leave open, the one with that weekday, if only one has it. */
export function onWeekday(made: PeriodMade | 'unclear', letter: string | undefined): PeriodMade | 'unclear' {
  if (made === 'unclear' || letter === undefined || !made.ahead) return made
  const has = ({ from }: ClosedRange): boolean => weekdayOf(from) === weekdays.indexOf(letter)
  const [back, ahead] = [has(made.back), has(made.ahead)]
  if (back === ahead) return made
  const { open: _, ...rest } = made
  const sure = back ? made.back : made.ahead
  return { ...rest, back: sure, ahead: sure }
}
