import { readSchedule, readTime } from './schedule.ts'

const koreanDays = '일월화수목금토'
const englishDays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
/** 수요일로, 매주 수요일 8시로, to wednesday, to 8am: where it is to go. */
const koreanTarget =
  /(?:(?:매주|매달|매월|매일|평일|주말)[\s마다에]*)?(?:\d{1,2}일\s*)?(?:[월화수목금토일]요일[\s과와,하고랑]*)*(?:(?:오전|오후|아침|저녁|밤|새벽|낮)\s*)?(?:\d{1,2}(?:시(?:\s*(?:반|\d{1,2}분))?|:\d{2}))?\s*(?:으?로)(?=\s|$|바꿔|바꾸|변경|옮)/g
const englishTarget = /\bto\s+(?:every\s+|each\s+|\d|mon|tue|wed|thu|fri|sat|sun|noon|daily|weekdays)[^.,]*/g

/**
 * The time that something is moved to, as cron of five fields in which `?` stands for what was not said: 수요일로 is `? ? * * 3`, 8시로
 * is `0 8 ? ? ?`. Undefined when a lower-case text names none.
 */
export function readNewTime(text: string): string | undefined {
  for (const [target = ''] of [...text.matchAll(koreanTarget), ...text.matchAll(englishTarget)]) {
    const schedule = readSchedule(target)
    const time = readTime(target)
    const days = schedule?.cron.split(' ').slice(2).join(' ') ?? daysOf(target)
    if (time === undefined && days === undefined) continue
    return `${time ? `${time.minute} ${time.hour}` : '? ?'} ${days ?? '? ? ?'}`
  }
  return undefined
}

/** Days of the week by their names alone. */
function daysOf(target: string): string | undefined {
  const korean = [...target.matchAll(/([월화수목금토일])요일/g)].map(([, day = '']) => koreanDays.indexOf(day))
  const english = [...target.matchAll(/\b(sun|mon|tue|wed|thu|fri|sat)[a-z]*/g)].map(([, day = '']) =>
    englishDays.indexOf(day),
  )
  const days = [...new Set([...korean, ...english])].toSorted()
  return days.length > 0 ? `* * ${days.join(',')}` : undefined
}
