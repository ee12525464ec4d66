import type { Language } from '#catalog'
import type { CopyReason, QueryAnswer } from '#erp'
import { seoulDate } from '#platform/seoul-date'
import { clockText, dayText } from './dates.ts'

type Sourced = Pick<QueryAnswer, 'source' | 'copyReason' | 'asOf'>
type Said = [ko: string, en: string]

const live: Said = ['ERP 실시간', 'Live from ERP']
const failover: Said = ['ERP 예비 서버', 'From the standby ERP']
const copies: Record<CopyReason, Said> = {
  slow: ['ERP 응답이 늦어 사본으로 답했어요', 'ERP is slow; answered from our copy'],
  unreachable: ['ERP에 연결할 수 없어 사본으로 답했어요', 'ERP cannot be reached; answered from our copy'],
  limited: ['ERP에 요청이 몰려 사본으로 답했어요', 'ERP is limiting requests; answered from our copy'],
  unclear: ['ERP가 알아볼 수 없는 답을 보내 사본으로 답했어요', 'ERP sent an unreadable reply; answered from our copy'],
  changing: ['ERP 데이터가 계속 바뀌어 사본으로 답했어요', 'ERP data kept changing; answered from our copy'],
  tooMuch: [
    'ERP에서 한 번에 읽기에는 많아 사본으로 답했어요',
    'Too much to read from the ERP at once; answered from our copy',
  ],
}

/** Where an answer came from and how old it is: ERP 실시간 · 14:32 기준. A copy tells why, and its age too. */
export function sourceLine({ source, copyReason, asOf }: Sourced, now: Date, language: Language): string {
  const ko = language === 'ko'
  const time = timeText(new Date(asOf), now, language)
  const age = source === 'copy' ? ` (${ageText(now.getTime() - Date.parse(asOf), language)})` : ''
  const [inKorean, inEnglish] = source === 'copy' ? copies[copyReason ?? 'slow'] : source === 'live' ? live : failover
  return ko ? `${inKorean} · ${time} 기준${age}` : `${inEnglish} · as of ${time}${age}`
}

/** 14:32 today, with the date on another day. */
function timeText(asOf: Date, now: Date, language: Language): string {
  const day = seoulDate(asOf)
  const clock = clockText(asOf)
  return day === seoulDate(now) ? clock : `${dayText(day, language)} ${clock}`
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
