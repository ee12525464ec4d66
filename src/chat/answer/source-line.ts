import type { Language } from '#catalog'
import type { AnswerSource } from '#erp'
import { clockText, dayText, todayInSeoul } from './dates.ts'

const sources: Record<AnswerSource, [ko: string, en: string]> = {
  live: ['ERP 실시간', 'Live from ERP'],
  failover: ['ERP 예비 서버', 'From the standby ERP'],
  copy: ['ERP 응답이 늦어 사본으로 답했어요', 'ERP is slow; answered from our copy'],
}

/** Where an answer came from and how old it is: ERP 실시간 · 14:32 기준. A copy tells its age too. */
export function sourceLine(source: AnswerSource, asOf: string, now: Date, language: Language): string {
  const ko = language === 'ko'
  const time = timeText(new Date(asOf), now, language)
  const age = source === 'copy' ? ` (${ageText(now.getTime() - Date.parse(asOf), language)})` : ''
  return ko ? `${sources[source][0]} · ${time} 기준${age}` : `${sources[source][1]} · as of ${time}${age}`
}

/** 14:32 today, with the date on another day. */
function timeText(asOf: Date, now: Date, language: Language): string {
  const day = todayInSeoul(asOf)
  const clock = clockText(asOf)
  return day === todayInSeoul(now) ? clock : `${dayText(day, language)} ${clock}`
}

function ageText(ageMs: number, language: Language): string {
  const ko = language === 'ko'
  const minutes = Math.floor(Math.max(0, ageMs) / 60_000)
  if (minutes < 1) return ko ? '방금' : 'just now'
  if (minutes < 60) return ko ? `${minutes}분 전` : `${minutes} min ago`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return ko ? `${hours}시간 전` : `${hours} h ago`
  const days = Math.floor(hours / 24)
  return ko ? `${days}일 전` : `${days} d ago`
}
