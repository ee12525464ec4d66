import type { Catalog } from '#catalog'
import type { RecordReader, Row } from '#erp'
import { AppError } from '#platform/errors'
import type { RecordChange } from '../copy/copy.ts'
import type { TableChange } from './change-source.ts'
import { lastingErrors, refusals } from './lasting-errors.ts'
import { type EntityPlan, planPlacement, readRules, type WholeReason } from './plan-placement.ts'
import { type ReadLimits, readAgain, TooMuch } from './read-again.ts'

type PlacedChanges = {
  changes: RecordChange[]
  /** Entities to be read anew as a whole, with the reason. */
  whole: Map<string, WholeReason>
  /** Table changes that meant something, and those of tables that mean nothing to us, by table. */
  placed: number
  unknown: Map<string, number>
}

/** `signal` ends what is being read from the ERP. Throws AppError as the record reader does, and CHANGES_VALUE. */
export type PlaceChanges = (changes: readonly TableChange[], signal: AbortSignal) => Promise<PlacedChanges>

type Deps = {
  catalog: Catalog
  /** Absent: what cannot be placed by its columns alone is read anew as a whole. */
  records: RecordReader | undefined
  /** The rows that the copy has for these keys now. */
  readHeld: (entity: string, keys: readonly string[]) => Promise<Row[]>
  /** Of one entity in one batch. */
  limits?: ReadLimits
  /** Values that can't be read exactly are refused with CHANGES_VALUE: whoever sends them can still do otherwise. */
  isStrict?: boolean
}

/** So often an entity may be refused before its changes are passed over: an ERP in maintenance refuses all of them, for a while. */
const patience = 5
const defaultLimits = { keys: 20_000, records: 20_000 }

/**
 * Turns changes of the ERP's tables into changes of records, by the mapping's rules. What the columns of a table don't say is read
 * again from the ERP, each record once however often it changed; the state read may be newer than the change.
 */
export function createPlacement({
  catalog,
  records,
  readHeld,
  limits = defaultLimits,
  isStrict = false,
}: Deps): PlaceChanges {
  const rules = readRules(catalog, isStrict)

  const refused = new Map<string, number>()

  function countRefusal(entity: string): number {
    const count = (refused.get(entity) ?? 0) + 1
    refused.set(entity, count)
    return count
  }

  async function place(entity: string, plan: EntityPlan, signal: AbortSignal): Promise<RecordChange[] | WholeReason> {
    if (plan.whole !== undefined) return plan.whole
    try {
      const read = await readAgain(records, { entity, ...plan }, limits, signal)
      refused.delete(entity)
      return [...plan.known.values()].filter(({ key }) => !read.has(key)).concat([...read.values()])
    } catch (error) {
      if (error instanceof TooMuch) return { reason: error.message, isLasting: false }
      const code = error instanceof AppError ? error.spec.code : ''
      const reason = `${entity} cannot be read: ${code}`
      if (lastingErrors.has(code)) return { reason, isLasting: true }
      if (refusals.has(code) && countRefusal(entity) > patience) return { reason, isLasting: false }
      throw error
    }
  }

  /** Adds the values that rules take from other entities' records: those read again, and those that they replace. */
  async function addThrough(plan: EntityPlan, done: ReadonlyMap<string, RecordChange[] | WholeReason>): Promise<void> {
    for (const [erpField, { entity, field }] of plan.through) {
      const changes = done.get(entity)
      if (changes && !Array.isArray(changes)) {
        plan.whole = changes
        return
      }
      const keys = (changes ?? []).map(({ key }) => key)
      const rows = (changes ?? []).flatMap((change) => (change.kind === 'put' ? [change.row] : []))
      const held = await readHeld(entity, keys)
      const values = [...rows, ...held].flatMap((row) => (row[field] == null ? [] : [String(row[field])]))
      plan.where.set(erpField, new Set([...(plan.where.get(erpField) ?? []), ...values]))
    }
  }

  return async (changes, signal) => {
    const { entities, placed, unknown } = planPlacement(catalog, rules, changes)
    const done = new Map<string, RecordChange[] | WholeReason>()
    const work = async ([entity, plan]: [string, EntityPlan]) => {
      await addThrough(plan, done)
      done.set(entity, await place(entity, plan, signal))
    }
    const all = [...entities]
    await Promise.all(all.filter(([, plan]) => plan.through.size === 0).map(work))
    await Promise.all(all.filter(([, plan]) => plan.through.size > 0).map(work))
    const result: PlacedChanges = { changes: [], whole: new Map(), placed, unknown }
    for (const [entity, outcome] of done)
      if (!Array.isArray(outcome)) result.whole.set(entity, outcome)
      else for (const change of outcome) result.changes.push(change)
    return result
  }
}
