import type { BusinessQuery, Entity } from '#catalog'
import { hasCue, piecesOf } from './pieces.ts'
import type { Turn } from './prepare-turn.ts'
import type { Reading } from './read-text.ts'
import type { Understanding } from './understanding.ts'
import { readPushWords } from './words/channel-words.ts'

/** 부족해지면 알려줘; 가능하면 알려줘 is only polite. */
const becomesSo =
  /(?<!가능하|괜찮으|아시|알|되시|시간\s*되)면\s*(?:바로|즉시|꼭|좀|나한테|저한테|내게|제게)?\s*(?:알려|알림|알람|통보|통지|톡|노티|푸시)/
/** Asked to tell when something becomes so, not to show what is so. */
export const isWatch = ({ pieces, normal }: Reading): boolean =>
  hasCue(pieces, 'notify', 'send') &&
  (hasCue(pieces, 'condition') ||
    becomesSo.test(normal.text) ||
    piecesOf(pieces, 'comparator').some(({ meaning }) => meaning.isCondition))

const byPush = readPushWords()

/** Whether it has records of its own that come, and not only stands at some value. */
export const hasRecords = ({ kind }: Entity): boolean => ['document', 'transaction', 'master'].includes(kind)

type Wish = Pick<Understanding, 'schedule' | 'channel' | 'onlyNew'> & { intent: 'subscribe' | 'alert' }

/** What is to be done with a query again and again, if anything: reported at set times, or watched. */
export function readWish({ catalog, reading, isOfNew }: Turn, query: BusinessQuery): Wish | undefined {
  const { pieces, normal } = reading
  const schedule = piecesOf(pieces, 'schedule')[0]?.meaning
  const { measures, groupBy, limit, where = [] } = query
  const entity = catalog.entities[query.entity]
  // A condition at set times is watched, not reported: 매일 9시에 재고가 100개 밑이면 알려줘.
  const isAlert = isOfNew ? hasCue(pieces, 'notify', 'send') : isWatch(reading) && where.length > 0
  const isSubscription = schedule !== undefined && (schedule.isTimed || hasCue(pieces, 'send', 'notify'))
  if (!isAlert && !isSubscription) return undefined
  // A hundred orders are more than a record that comes.
  const isRecord = measures.length === 0 && groupBy === undefined && limit === undefined
  const onlyNew = isAlert && isOfNew && isRecord && entity !== undefined && hasRecords(entity)
  return {
    intent: isAlert ? 'alert' : 'subscribe',
    ...(schedule && { schedule: schedule.cron }),
    ...(byPush.test(normal.text) && { channel: 'push' }),
    ...(onlyNew && { onlyNew }),
  }
}
