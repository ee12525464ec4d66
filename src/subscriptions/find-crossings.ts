import { Decimal } from 'decimal.js'
import type { Entity } from '#catalog'
import type { Cell, QueryAnswer, Row } from '#erp'
import type { AlertMemory } from './subscription.ts'
import type { MeasureTest, Watch } from './watch-query.ts'

/** How far beyond its limit a value must go back before the alert is armed again: a value that trembles there is told of once. */
const margin = new Decimal('0.02')
/** Of many groups or records so many are remembered; an alert on more than that is a report. */
const mostKept = 2_000

/** `key` tells what came true from the rest: '' for a whole, else the groups or the record. */
export type Crossing = { key: string; row: Row }
type Seen = { key: string; row: Row; isTrue: boolean; isOver: boolean }

type Before = { entity: Entity; memory: AlertMemory; rights: string }

/**
 * What has come true since `memory`, and what is to be remembered of it. Nothing is known of a value that is absent: it stays as it was,
 * and so does what an answer had no room for. `rights`: the rows that the owner may see, as text.
 */
export function findCrossings(
  watch: Watch,
  answer: QueryAnswer,
  { entity, memory, rights }: Before,
): { crossings: Crossing[]; memory: NonNullable<AlertMemory> } {
  const seen = watch.kind === 'found' ? foundIn(answer, entity) : measuredIn(answer, watch)
  if (watch.kind === 'found' && watch.onlyNew) return findNew(seen, answer, { entity, memory, rights })
  const fired = memory?.fired ?? []
  const before = new Set(fired)
  const keys = new Map(seen.map((one) => [one.key, one]))
  const crossings = seen.filter(({ key, isTrue }) => isTrue && !before.has(key))
  const isCut = answer.completeness.kind === 'first'
  const present = fired.filter((key) => keys.get(key)?.isOver === false)
  // Of all there is, a record that no longer meets the conditions, or a group that is gone, is not among those found.
  const absent = fired.filter((key) => !keys.has(key) && (isCut || (watch.kind === 'measured' && key === '')))
  return { crossings: crossings.map(pick), memory: { fired: keep(crossings, present, absent) } }
}

/** Of records, those that were not there before: neither seen, nor out of sight at first, nor hidden from an owner who had fewer rights. */
function findNew(seen: Seen[], answer: QueryAnswer, { entity, memory, rights }: Before) {
  const dateOf = ({ row }: Seen): string => String(row[entity.period ?? ''] ?? '')
  const isFirst = memory?.rights !== rights
  const fired = memory?.fired ?? []
  const before = new Set(fired)
  const last = seen.at(-1)
  const oldest = isFirst && last && answer.completeness.kind === 'first' ? dateOf(last) : undefined
  const floor = oldest ?? (isFirst ? undefined : memory?.floor)
  const unseen = seen.filter((one) => !before.has(one.key))
  const crossings = isFirst ? [] : unseen.filter((one) => floor === undefined || dateOf(one) >= floor)
  const kept = keep(unseen, fired, [])
  return { crossings: crossings.map(pick), memory: { fired: kept, rights, ...(floor !== undefined && { floor }) } }
}

const pick = ({ key, row }: Seen): Crossing => ({ key, row })

/** What is in sight before what is not, newest first, as many as are remembered. */
function keep(fresh: Seen[], present: string[], absent: string[]): string[] {
  return [...fresh.map(({ key }) => key), ...present, ...absent].slice(0, mostKept)
}

function foundIn({ rows, columns }: QueryAnswer, entity: Entity): Seen[] {
  const dimensions = columns.filter(({ role }) => role === 'dimension')
  const number = dimensions.find(({ type }) => type === 'documentNo')
  // What a record is about, not how it stands: a new status is no new record.
  const identity = number
    ? [number]
    : dimensions.filter(({ name, type }) => type === 'name' || name === entity.columns[0])
  return rows.map((row) => {
    return { key: JSON.stringify(identity.map(({ name }) => row[name] ?? null)), row, isTrue: true, isOver: false }
  })
}

function measuredIn(answer: QueryAnswer, { ask, tests }: Extract<Watch, { kind: 'measured' }>): Seen[] {
  const groups = ask.groupBy ?? []
  const rows = groups.length > 0 ? answer.rows : [{ ...answer.rows[0], ...answer.totals }]
  return rows.flatMap((row): Seen[] => {
    const results = tests.map((test) => testRow(test, row))
    if (results.includes(undefined)) return []
    const key = groups.length > 0 ? JSON.stringify(groups.map((name) => row[name] ?? null)) : ''
    const known = results.filter((one) => one !== undefined)
    return [{ key, row, isTrue: known.every(({ isTrue }) => isTrue), isOver: known.some(({ isOver }) => isOver) }]
  })
}

function testRow(
  { measure, operator, limit }: MeasureTest,
  row: Row,
): { isTrue: boolean; isOver: boolean } | undefined {
  const value = toDecimal(row[measure])
  const bound = typeof limit === 'number' ? new Decimal(limit) : toDecimal(row[limit])
  if (!value || !bound) return undefined
  const slack = bound.abs().mul(margin)
  switch (operator) {
    case 'lt':
      return { isTrue: value.lt(bound), isOver: value.gte(bound.add(slack)) }
    case 'lte':
      return { isTrue: value.lte(bound), isOver: value.gt(bound.add(slack)) }
    case 'gt':
      return { isTrue: value.gt(bound), isOver: value.lte(bound.sub(slack)) }
    case 'gte':
      return { isTrue: value.gte(bound), isOver: value.lt(bound.sub(slack)) }
    case 'eq':
      return { isTrue: value.eq(bound), isOver: !value.eq(bound) }
    case 'ne':
      return { isTrue: !value.eq(bound), isOver: value.eq(bound) }
  }
}

function toDecimal(cell: Cell | undefined): Decimal | undefined {
  if (cell === null || cell === undefined || typeof cell === 'boolean' || cell === '') return undefined
  try {
    return new Decimal(cell)
  } catch {
    return undefined
  }
}
