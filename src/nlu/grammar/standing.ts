import type { ManageRequest } from '../understanding.ts'

/** What is sent again and again has names of its own; a mail or a report has to be told apart from one that is asked for. */
const reports =
  /구독|(?:정기|예약|자동)\s*(?:이?메일|보고서?|리포트|발송)|\bsubscriptions?\b|\bscheduled\s+(?:reports?|e?-?mails?)\b/
const alerts = /알림|알람|\balerts?\b|\bnotifications?\b/
const sendings = /이?메일|보고서?|리포트|\breports?\b|\be-?mails?\b/
/** What a report is called beside its subject: 매출 보고서. */
const calledReport = /보고서|리포트|\breports?\b/
const pointers =
  /(?:^|\s)(?:그|이|저)(?:거|것|건|게)(?:는|를|은)?(?=\s|$)|방금\s*(?:거|것|그거)|\b(?:that|it|this)\b(?:\s+one)?/
const nth = /(?<!\d)(\d{1,3})\s*번(?:째|부터)?|(?:#|\bno\.?\s*|\bnumber\s+)(\d{1,3})\b/
const everything = /전부|모두|모든|(?:^|\s)다(?=\s)|\ball\b|\bevery(?:thing)?\b/

const lists =
  /보여|목록|리스트|뭐\s*(?:가\s*)?있|뭐뭐|몇\s*개|확인|조회|있어|있나|있니|어떤\s*(?:거|게|것)|\b(?:show|list|see|view|what|which|any)\b/
/** Said of sending itself, which nothing in the ERP is: these need no name beside them. */
const stopsSending =
  /그만\s*(?:좀\s*)?(?:보내|알려|받|줘|해)|(?:보내|알려\s*주|알리|받)지\s*(?:마|말|않)|안\s*(?:보내|알려|받)|\bstop\s+(?:sending|notifying|alerting|telling|e?-?mailing)\b|\bunsubscribe\b|\bdon'?t\s+(?:send|notify|alert|e?-?mail)\b/
const stops =
  /그만|취소|해지|삭제|지워|지우|없애|꺼|끄|해제|중단|끊어|\b(?:stop|cancel|delete|remove|drop|end)\b|\bturn\s+(?:it\s+|that\s+|this\s+)?off\b/
const pauses =
  /일시\s*(?:중지|정지)|(?:잠깐|잠시|당분간)|멈춰|멈추|중지|정지|쉬어|쉬게|\b(?:pause|mute|snooze|suspend|hold)\b/
const resumes =
  /다시\s*(?:보내|시작|켜|받|알려|해)|재개|켜\s*(?:줘|주|라)|\b(?:resume|restart|unpause|reactivate)\b|\bturn\s+(?:it\s+|that\s+)?(?:back\s+)?on\b|\bstart\s+(?:it\s+|that\s+)?again\b/
const fillers =
  /제발|이제|그냥|좀|더는?|앞으로|당분간|잠깐|잠시|이상|나한테|저한테|내게|오는|받는|\b(?:please|now|anymore|my|me|the|from|for)\b/
const changes = /바꿔|바꾸|변경|옮겨|옮기|수정|(?:으?로)\s*(?:해|맞춰)|\b(?:change|move|reschedule|switch)\b/

/**
 * What a lower-case text asks of things that are sent or watched already: to list, stop, pause, resume them or give them another
 * schedule. Undefined when it speaks of none. `hasSchedule`: a repeated time is said; `isMoved`: a time that something is moved to.
 */
export function readStanding(text: string, { hasSchedule = false, isMoved = false } = {}): ManageRequest | undefined {
  const isReport = reports.test(text)
  const isAlert = alerts.test(text) || /알려\s*주지|알리지|그만\s*알려/.test(text)
  const isNamed = isReport || isAlert
  const isPointed = pointers.test(text) || nth.test(text)
  const act = actOf(text, { isNamed, isPointed, hasSchedule, isMoved })
  if (!act) return undefined
  const [, korean, english] = nth.exec(text) ?? []
  const number = Number(korean ?? english)
  return {
    act,
    ...kindOf(isReport || (!isAlert && calledReport.test(text)), isAlert),
    ...(number > 0 ? { which: number } : everything.test(text) && act !== 'list' ? { which: 'all' as const } : {}),
  }
}

const kindOf = (isReport: boolean, isAlert: boolean): Pick<ManageRequest, 'kind'> =>
  isReport === isAlert ? {} : { kind: isReport ? 'report' : 'alert' }

const said = [
  reports,
  alerts,
  sendings,
  pointers,
  nth,
  everything,
  lists,
  stopsSending,
  stops,
  pauses,
  resumes,
  changes,
]
const ownWords = [...said, fillers].map((pattern) => new RegExp(pattern.source, 'g'))

/** Where a lower-case text speaks of sending itself and of what is to become of it, and not of what is sent. */
export function standingWords(text: string): { start: number; end: number }[] {
  return ownWords.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
  )
}

type Signs = { isNamed: boolean; isPointed: boolean; hasSchedule: boolean; isMoved: boolean }
type Rule = {
  act: ManageRequest['act']
  says: RegExp /** What takes it to be said of sending where only 그거 is. */
  ofPointed?: RegExp
}

/** In this order: 다시 보내 is no stop, and a pause says it is one. */
const rules: Rule[] = [
  { act: 'resume', says: resumes, ofPointed: /다시\s*(?:보내|알려|시작)|\bresume\b/ },
  { act: 'pause', says: pauses, ofPointed: /보내|알려|\b(?:pause|mute)\b/ },
  { act: 'stop', says: stops, ofPointed: /그만|\bstop\b/ },
]

function actOf(text: string, { isNamed, isPointed, hasSchedule, isMoved }: Signs): ManageRequest['act'] | undefined {
  if (isMoved && changes.test(text) && (isNamed || isPointed || sendings.test(text))) return 'reschedule'
  // A time that is said belongs to what is to be sent, unless it is to take the place of another.
  if (hasSchedule) return (isNamed || isPointed) && changes.test(text) ? 'reschedule' : undefined
  const isSending = isNamed || sendings.test(text)
  const rule = rules.find(
    ({ says, ofPointed }) => says.test(text) && (isSending || (isPointed && ofPointed?.test(text) === true)),
  )
  if (rule) return rule.act
  if (stopsSending.test(text)) return 'stop'
  return isNamed && (lists.test(text) || isOnlyName(text)) ? 'list' : undefined
}

/** 내 구독, my alerts: nothing but their name. */
const isOnlyName = (text: string): boolean =>
  text
    .replace(new RegExp(`${reports.source}|${alerts.source}`, 'g'), '')
    .replace(/내가?|나의|제|\bmy\b|[\s.?!~]/g, '') === ''
