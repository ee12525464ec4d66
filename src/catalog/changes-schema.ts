import { z } from 'zod'

const column = z.string().min(1)

/**
 * What a change of a table's row means for an entity. One of `key`, `where` and `all` says which of its records have changed; a table
 * may have several such rules.
 */
const changeRule = z.strictObject({
  entity: z.string(),
  /** The columns that make the key of the entity's record, in the order of its key. */
  key: z.array(column).min(1).optional(),
  /** The ERP's field of the entity, and the column whose value it has in every record that the row feeds. */
  where: z
    .record(z.string(), column)
    .refine((where) => Object.keys(where).length === 1, 'takes one field')
    .optional(),
  /** Too much of the entity depends on the row: it is read anew as a whole. */
  all: z.literal(true).optional(),
  /** With `key`: the column of each field, when the table has them all. Then nothing needs to be asked of the ERP. */
  fields: z.record(z.string(), column).optional(),
  /** With `where`: its column is a field of the records that this entity has for the row, by the entity's own rule for the table. */
  through: z.string().optional(),
  /** Updates that leave these columns as they are mean nothing. Needs a table that tells the row before (REPLICA IDENTITY FULL). */
  when: z.array(column).min(1).optional(),
})

/** By `schema.table`. */
const tables = z.record(z.string(), z.array(changeRule).min(1))
const seconds = z.number().positive()

/** How we hear of the ERP's changes between two full syncs, and what they mean. */
export const changesSchema = z.discriminatedUnion('source', [
  /** Logical replication of the ERP's database. */
  z.strictObject({ source: z.literal('postgres'), tables }),
  /** Events of a Debezium server, over HTTP. */
  z.strictObject({ source: z.literal('debezium'), tables }),
  /** The ERP's API is asked for what was modified. Deletes show at the next full sync. */
  z.strictObject({
    source: z.literal('polling'),
    entities: z.array(z.string()).min(1),
    everySeconds: seconds.default(30),
    /** Asked for again each time: what was written before its time could be seen. */
    overlapSeconds: seconds.default(300),
  }),
])

export type ChangesMapping = z.infer<typeof changesSchema>
export type ChangeRule = z.infer<typeof changeRule>

/** The entities that a mapping's changes reach, each once. */
function changedEntities(changes: ChangesMapping | undefined): string[] {
  if (!changes) return []
  if (changes.source === 'polling') return [...new Set(changes.entities)]
  return [...new Set(Object.values(changes.tables).flatMap((rules) => rules.map(({ entity }) => entity)))]
}

/** Those of them all of whose changes come: who is only asked for what was modified hears of no deletes. */
export function followedEntities(changes: ChangesMapping | undefined): string[] {
  return changes?.source === 'polling' ? [] : changedEntities(changes)
}
