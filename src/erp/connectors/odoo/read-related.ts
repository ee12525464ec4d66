import { ChangedWhileReading } from './odoo-errors.ts'
import type { OdooField } from './odoo-field.ts'
import type { OdooSession, RawRow } from './odoo-session.ts'
import { readId } from './read-value.ts'

/** Ids in one call of `read`: as many as Odoo prefetches at once. */
const idsInCall = 1_000

/** The fields of a model that have to be read for these paths, `depth` hops along. */
export function columnsOf(fields: OdooField[], depth = 0): string[] {
  return [...new Set(fields.map((field) => field.hops[depth]?.field ?? field.last))]
}

/** How relations are to be loaded: display names cost a computation each, so they come only where they are wanted. */
export function loadOf(fields: OdooField[], depth = 0): { load?: '' } {
  const isShown = fields.some(({ hops, info }) => hops.length === depth && info.type === 'many2one')
  return isShown ? {} : { load: '' }
}

/**
 * The values at the ends of paths, by field, in the order of the rows. `search_read` gives fields of its own model only, so
 * each hop is a `read` of the records it leads to. Throws ChangedWhileReading when one of them is gone.
 */
export async function readPaths(
  session: OdooSession,
  rows: RawRow[],
  fields: OdooField[],
  depth = 0,
): Promise<Map<OdooField, unknown[]>> {
  const values = new Map<OdooField, unknown[]>()
  const onward = new Map<string, OdooField[]>()
  for (const field of fields) {
    const hop = field.hops[depth]
    if (hop) onward.set(hop.field, [...(onward.get(hop.field) ?? []), field])
    else
      values.set(
        field,
        rows.map((row) => row[field.last]),
      )
  }
  for (const [column, through] of onward) {
    const ids = rows.map((row) => readId(row[column]))
    const model = through[0]?.hops[depth]?.model ?? ''
    const distinct = [...new Set(ids.filter((id) => id !== null))]
    const found = await readByIds(session, distinct, { model, fields: through, depth: depth + 1 })
    const ends = await readPaths(session, [...found.values()], through, depth + 1)
    const places = new Map([...found.keys()].map((id, index) => [id, index]))
    for (const [field, list] of ends)
      values.set(
        field,
        ids.map((id) => (id === null ? false : list[places.get(id) ?? -1])),
      )
  }
  return values
}

type Target = { model: string; fields: OdooField[]; depth: number }

async function readByIds(
  session: OdooSession,
  ids: string[],
  { model, fields, depth }: Target,
): Promise<Map<string, RawRow>> {
  const found = new Map<string, RawRow>()
  for (let start = 0; start < ids.length; start += idsInCall) {
    const some = ids.slice(start, start + idsInCall)
    const args = { ids: some.map(Number), fields: columnsOf(fields, depth), ...loadOf(fields, depth) }
    for (const row of await session.list(model, 'read', args)) found.set(readId(row.id) ?? '', row)
  }
  if (found.size !== ids.length) throw new ChangedWhileReading(`records of ${model} are gone`)
  return found
}
