import { readNewTime } from './grammar/new-time.ts'
import { readStanding, standingWords } from './grammar/standing.ts'
import { piecesOf, type Sense } from './pieces.ts'
import type { Reading } from './read-text.ts'
import type { ManageRequest, Mention } from './understanding.ts'
import { isWatch } from './watch-request.ts'

const mostMentions = 10
const mostMeanings = 20

/** What is said of subscriptions and alerts themselves; of one that is to be made, the condition or the time tells. */
export function readManage(reading: Reading): ManageRequest | undefined {
  if (isWatch(reading)) return undefined
  const { text } = reading.normal
  const schedule = piecesOf(reading.pieces, 'schedule')[0]?.meaning
  const moved = readNewTime(text)
  const manage = readStanding(text, { hasSchedule: schedule !== undefined, isMoved: moved !== undefined })
  if (!manage) return undefined
  const cron = moved ?? (schedule && saidOf(schedule))
  const about = readMentions(reading)
  return {
    ...manage,
    ...(about.length > 0 && { about }),
    ...(manage.act === 'reschedule' && cron !== undefined && { schedule: cron }),
  }
}

/** A schedule with the time of day only where it was said. */
const saidOf = ({ cron, isTimed }: { cron: string; isTimed: boolean }): string =>
  isTimed ? cron : ['?', '?', ...cron.split(' ').slice(2)].join(' ')

/** The words that say what is sent. Whatever nobody knows is among them: it may have been the name that tells. */
function readMentions({ normal, pieces, unknown }: Reading): Mention[] {
  const own = standingWords(normal.text)
  const isOwn = ({ start, end }: { start: number; end: number }): boolean => {
    const from = normal.textAt[start] ?? 0
    const to = (normal.textAt[end - 1] ?? 0) + 1
    return own.some((word) => word.start < to && from < word.end)
  }
  const known = piecesOf(pieces, 'words')
    .filter((piece) => !isOwn(piece))
    .map(({ start, end, meaning }) => ({
      start,
      text: normal.compact.slice(start, end),
      meanings: meaningsOf(meaning.senses),
    }))
  const strange = unknown.filter((word) => !isOwn(word)).map(({ start, text }) => ({ start, text, meanings: [] }))
  return [...known, ...strange]
    .toSorted((a, b) => a.start - b.start)
    .slice(0, mostMentions)
    .map(({ text, meanings }) => ({ text, meanings }))
}

function meaningsOf(senses: readonly Sense[]): Mention['meanings'] {
  return senses.slice(0, mostMeanings).map((sense) => {
    switch (sense.kind) {
      case 'name':
        return { value: sense.name }
      case 'entity':
        return { entity: sense.entity }
      case 'status':
        return { entity: sense.entity, field: sense.field, value: sense.code }
      case 'dimension':
        return { entity: sense.entity, field: sense.field }
      default:
        return { entity: sense.entity, field: sense.measure }
    }
  })
}
