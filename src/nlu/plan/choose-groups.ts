import type { BusinessQuery, Entity } from '#catalog'
import { dayOf } from '../grammar/calendar.ts'
import type { Said } from './read-said.ts'

/** Daily for a month or less, monthly beyond or when no time is said. */
export function trendGrain(period: BusinessQuery['period']): 'day' | 'month' {
  if (!period?.from || !period.to) return 'month'
  return dayOf(period.to) - dayOf(period.from) + 1 <= 31 ? 'day' : 'month'
}

/** Snapshots without time and their lists are records; of what moves over time, a condition on a sum is one on groups. */
export const listsRecords = (entity: Entity): boolean => entity.kind === 'snapshot' && entity.period === undefined

/** The dimension noun that a rank ranks: the one asked for, else the first said. Masters are ranked as records. */
function rankedGroup(entity: Entity, said: Said, named: Said['implied']): string | undefined {
  const first = named.find(({ isHead }) => isHead) ?? named[0]
  if (!first) {
    const isOwed = entity.kind === 'balance'
    if (said.asksWhere || (said.asksWho && isOwed)) return said.partner
    if (said.asksWho && entity.kind !== 'master') return entity.me
    return entity.kind === 'master' ? undefined : said.thing
  }
  return entity.kind !== 'master' || said.measure.isCount || first.field !== 'name' ? first.field : undefined
}

/** A dimension noun that is asked for without 별: by a condition on totals, by "which", by a list of them. */
function askedGroup(entity: Entity, said: Said, named: Said['implied']): string | undefined {
  const { measure } = said
  if (said.where.some(([field]) => field === 'count')) return (named.find(({ isHead }) => isHead) ?? named[0])?.field
  if (measure.isCount || entity.kind === 'master' || named.length === 0) return undefined
  const heads = named.filter(({ isHead }) => isHead)
  const lists = listsRecords(entity)
  if (said.isMeasured && !lists) return (heads[0] ?? named[0])?.field
  const asked = heads.find(({ isAsked }) => isAsked)
  const isSummed = entity.kind !== 'document' || (measure.measures.length > 0 && !measure.isGeneric)
  if (!lists && isSummed) return (asked ?? (measure.isList || said.where.length > 0 ? heads[0] : undefined))?.field
  if (measure.wantsNumber && asked) return asked.field
  return measure.prefix === 'share' ? named[0]?.field : undefined
}

const isPickedAt = ({ where }: Said, field: string): boolean =>
  where.some(([name, operator]) => name === field && operator === 'eq')

function impliedGroup(entity: Entity, said: Said): string | undefined {
  const { ordering } = said.order
  const named = said.implied.filter(({ field }) => !isPickedAt(said, field))
  if (ordering?.isLoose && named.length === 0 && entity.kind === 'transaction') return said.thing
  const ranksSums = ordering?.isRank === true && ordering.of === undefined && !ordering.field
  const ordersSums = ordering !== undefined && !ordering.isRank && ordering.of === undefined && entity.kind !== 'master'
  if (
    ordersSums &&
    !ordering.field &&
    named.length > 0 &&
    !said.measure.isCount &&
    said.where.every(([field]) => !(field in entity.measures))
  )
    return rankedGroup(entity, said, named)
  // Who owes us: those we deal with are what is asked for.
  const asksPartner = said.asksWho && entity.kind === 'balance' && !ordering && named.length === 0 && said.partner
  if (asksPartner && !isPickedAt(said, asksPartner)) return asksPartner
  return ranksSums ? rankedGroup(entity, said, named) : askedGroup(entity, said, named)
}

/** What a sentence of its own cuts by. */
export function groupsOf(entity: Entity, said: Said): string[] {
  const groups = [...said.groups]
  const implied = groups.length === 0 ? impliedGroup(entity, said) : undefined
  if (implied !== undefined) groups.push(implied)
  const compared = said.isComparing ? said.where.find(([, operator]) => operator === 'in') : undefined
  if (compared) groups.push(compared[0])
  const date = said.dateField ?? entity.period
  if (said.grain) groups.push(said.grain)
  else if (said.isTrend && date !== undefined) groups.push(`${date}:${trendGrain(said.period)}`)
  return [...new Set(groups)]
}
