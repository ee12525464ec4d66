import type { Language } from '#catalog'

const days = {
  ko: ['일요일', '월요일', '화요일', '수요일', '목요일', '금요일', '토요일'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
}

/** A cron line (five fields, Asia/Seoul) in words: 매주 월요일 09:00. What has no simple words is left as it is. */
export function scheduleWords(cron: string, language: Language): string {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.trim().split(/\s+/)
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour) || month !== '*') return cron
  const dayText = dayWords(day, weekday, language)
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (dayText === null) return cron
  return language === 'ko' ? `${dayText} ${time}` : `${dayText} at ${time}`
}

function dayWords(day: string, weekday: string, language: Language): string | null {
  const say = (ko: string, en: string) => (language === 'ko' ? ko : en)
  if (day === '*' && weekday === '*') return say('매일', 'every day')
  if (day === '*' && weekday === '1-5') return say('평일', 'on weekdays')
  if (day === '*' && /^[0-7](,[0-7])*$/.test(weekday)) {
    const names = weekday.split(',').map((each) => days[language][Number(each) % 7] ?? each)
    return say(`매주 ${names.join('·')}`, `every ${names.join(' and ')}`)
  }
  if (weekday !== '*') return null
  if (day === 'L') return say('매달 마지막 날', 'on the last day of every month')
  return /^\d+$/.test(day) ? say(`매달 ${day}일`, `on day ${day} of every month`) : null
}
