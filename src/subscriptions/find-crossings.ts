import { Decimal } from 'decimal.js'
import type { Entity } from '#catalog'
import type { Cell, QueryAnswer, Row } from '#erp'
import type { AlertMemory } from './subscription.ts'
import type { MeasureTest, Watch } from './watch-query.ts'

/** How far beyond its limit a value must go back before the alert is armed again: a value that trembles there is told of once. */
const margin = new Decimal('0.02')
/** Of many groups or records these are remembered; an alert on more than that is a report. */
const mostKept = 2_000

/** `key` tells what came true from the rest: '' for a whole, else the groups or the record. */
export type Crossing = { key: string; row: Row }
type Seen = { key: string; row: Row; isTrue: boolean; isOver: boolean }

/** What has come true since `memory`, and what is to be remembered of it. Nothing is known of a value that is absent: it stays as it was. */
export function findCrossings(
  watch: Watch,
  answer: QueryAnswer,
  { entity, memory }: { entity: Entity; memory: AlertMemory },
): { crossings: Crossing[]; memory: { fired: string[] } } {
  const before = new Set(memory?.fired)
  const seen = watch.kind === 'found' ? foundIn(answer, entity) : measuredIn(answer, watch)
  const keys = new Map(seen.map((one) => [one.key, one]))
  const crossings = seen.filter(({ key, isTrue }) => isTrue && !before.has(key))
  const stays = [...before].filter((key) => {
    const now = keys.get(key)
    // A record that no longer meets the conditions is not among those found.
    return now ? !now.isOver : watch.kind === 'measured' && key === ''
  })
  const fired = [...new Set([...stays, ...crossings.map(({ key }) => key)])].slice(0, mostKept)
  return { crossings: crossings.map(({ key, row }) => ({ key, row })), memory: { fired } }
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
