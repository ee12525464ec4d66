import { type Catalog, type ChangeRule, heldEntity } from '#catalog'
import type { Cell, Row } from '#erp'
import { AppError } from '#platform/errors'
import type { RecordChange } from '../copy/copy.ts'
import type { ChangeRow, TableChange } from './change-source.ts'
import { changesErrors } from './errors.ts'
import { readCell } from './read-cell.ts'

/** What changes mean for one entity. */
export type EntityPlan = {
  /** Known without asking: the last state of each record. */
  known: Map<string, RecordChange>
  /** Keys of records to be read again. */
  keys: Set<string>
  /** By field of the ERP: records that have one of these values are to be read again. */
  where: Map<string, Set<string>>
  /** By field of the ERP: the field of another entity's records among those read again, whose values are wanted. */
  through: Map<string, { entity: string; field: string }>
  /** Why the entity can't be followed record by record. */
  whole?: WholeReason
}

/** `isLasting`: further changes will not be placed either, until the mapping or the ERP is set right. */
export type WholeReason = { reason: string; isLasting: boolean }

const once = (reason: string): WholeReason => ({ reason, isLasting: false })
const lasting = (reason: string): WholeReason => ({ reason, isLasting: true })

export type Placement = { entities: Map<string, EntityPlan>; placed: number; unknown: Map<string, number> }

/** `covers`: the columns have every field of the entity. `isStrict`: a value that can't be read is refused, not read anew. */
type Rule = ChangeRule & { covers: boolean; isStrict: boolean }
type Rules = ReadonlyMap<string, readonly Rule[]>

/** Prepares the mapping's rules: by table, with whether their fields are all that the entity has. */
export function readRules(catalog: Catalog, isStrict: boolean): Rules {
  const { changes } = catalog.mapping
  if (!changes || changes.source === 'polling') return new Map()
  return new Map(
    Object.entries(changes.tables).map(([table, rules]) => [
      table,
      rules.map((rule) => ({ ...rule, isStrict, covers: rule.fields !== undefined && coversEntity(catalog, rule) })),
    ]),
  )
}

function coversEntity(catalog: Catalog, { entity, fields = {} }: ChangeRule): boolean {
  const described = catalog.entities[entity]
  if (!described) return false
  const held = heldEntity(catalog, described)
  const measures = Object.keys(held.measures).filter((name) => !held.measures[name]?.ratio)
  return [...Object.keys(held.dimensions), ...measures].every((field) => field in fields)
}

/**
 * Works out which records the changes touch. Throws CHANGES_VALUE for a value that can't be read exactly. A column that a rule
 * needs and the row does not have is the reason for reading the whole entity.
 */
export function planPlacement(catalog: Catalog, rules: Rules, changes: readonly TableChange[]): Placement {
  const entities = new Map<string, EntityPlan>()
  const unknown = new Map<string, number>()
  let placed = 0
  for (const change of changes) {
    const ofTable = rules.get(change.table)
    if (!ofTable) {
      unknown.set(change.table, (unknown.get(change.table) ?? 0) + 1)
      continue
    }
    placed += 1
    for (const rule of ofTable) {
      const plan = entities.get(rule.entity) ?? emptyPlan()
      entities.set(rule.entity, plan)
      if (plan.whole === undefined) placeChange(catalog, rule, change, plan)
    }
  }
  return { entities, placed, unknown }
}

const emptyPlan = (): EntityPlan => ({ known: new Map(), keys: new Set(), where: new Map(), through: new Map() })

function placeChange(catalog: Catalog, rule: Rule, change: TableChange, plan: EntityPlan): void {
  if (change.kind === 'truncate') plan.whole = once(`too much of ${change.table} has changed at once`)
  else if (!isMeant(rule, change)) return
  else if (rule.all) plan.whole = once(`${change.table} has changed`)
  else if (rule.key) placeByKey(catalog, rule, change, plan)
  else if (rule.where) placeByValue(rule, change, plan)
}

/** Whether one of the columns that count has changed, as far as can be told. */
function isMeant({ when }: Rule, { kind, before, after }: TableChange): boolean {
  if (!when || kind !== 'update' || !before || !after) return true
  return when.some(
    (column) => !(column in before) || before[column] === undefined || isOther(before[column], after[column]),
  )
}

const isOther = (before: ChangeRow[string], after: ChangeRow[string]) => after !== undefined && after !== before

function placeByKey(catalog: Catalog, rule: Rule, change: TableChange, plan: EntityPlan): void {
  const columns = rule.key ?? []
  const [before, after] = [keyOf(columns, change.before), keyOf(columns, change.after)]
  const lacking = columns.find((column) =>
    [change.before, change.after].every((row) => row === undefined || !(column in row)),
  )
  if (lacking !== undefined || (before === undefined && after === undefined)) {
    plan.whole = lasting(`${change.table} has no column ${lacking ?? columns.join(', ')}`)
    return
  }
  if (!rule.covers) {
    for (const key of [before, after]) if (key !== undefined) plan.keys.add(key)
    return
  }
  if (before !== undefined && before !== after)
    plan.known.set(before, { kind: 'remove', entity: rule.entity, key: before })
  if (after === undefined || !change.after) return
  const row = readRow(catalog, rule, change.table, change.after)
  if (row === 'unreadable') plan.whole = once(`a changed row of ${change.table} has a value that cannot be read`)
  else if (row === undefined) plan.whole = lasting(`${change.table} lacks a column that ${rule.entity} needs`)
  else putKnown(plan, { kind: 'put', entity: rule.entity, key: after, row })
}

/** Fields that this change doesn't carry keep what an earlier one of the batch said. */
function putKnown(plan: EntityPlan, change: Extract<RecordChange, { kind: 'put' }>): void {
  const earlier = plan.known.get(change.key)
  plan.known.set(change.key, earlier?.kind === 'put' ? { ...change, row: { ...earlier.row, ...change.row } } : change)
}

function keyOf(columns: readonly string[], row: ChangeRow | undefined): string | undefined {
  if (!row) return undefined
  const values = columns.map((column) => row[column])
  if (values.some((value) => value === undefined || value === null)) return undefined
  const texts = values.map(String)
  return texts.length === 1 ? texts[0] : JSON.stringify(texts)
}

/** Undefined when a column isn't there at all. */
function readRow(
  catalog: Catalog,
  { entity, fields = {}, isStrict }: Rule,
  table: string,
  columns: ChangeRow,
): Row | 'unreadable' | undefined {
  const row: Row = {}
  const described = catalog.entities[entity]
  const translations = catalog.mapping.entities[entity]?.values ?? {}
  for (const field in fields) {
    const column = fields[field] ?? ''
    const value = columns[column]
    if (value === undefined) {
      if (!(column in columns)) return undefined
      continue
    }
    const type = (described?.dimensions[field] ?? described?.measures[field])?.type ?? 'text'
    const cell = readCell(type, value)
    if (cell === undefined && !isStrict) return 'unreadable'
    if (cell === undefined) throw new AppError(changesErrors.value, { params: { table, column } })
    row[field] = translate(translations[field], cell)
  }
  return row
}

function translate(codes: Record<string, string> | undefined, cell: Cell): Cell {
  return codes ? (codes[String(cell)] ?? cell) : cell
}

function placeByValue(rule: Rule, change: TableChange, plan: EntityPlan): void {
  const [[erpField, column] = ['', '']] = Object.entries(rule.where ?? {})
  if (rule.through !== undefined) {
    plan.through.set(erpField, { entity: rule.through, field: column })
    return
  }
  const rows = [change.before, change.after].filter((row) => row !== undefined)
  const values = rows.flatMap((row) => (row[column] === undefined || row[column] === null ? [] : [String(row[column])]))
  if (!rows.some((row) => column in row)) plan.whole = lasting(`${change.table} does not tell ${column} of a row`)
  const wanted = plan.where.get(erpField) ?? new Set()
  for (const value of values) wanted.add(value)
  plan.where.set(erpField, wanted)
}
