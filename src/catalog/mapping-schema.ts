import { z } from 'zod'
import { changesSchema } from './changes-schema.ts'

/** What a mapping says of an entity, whatever the connector. */
const mappedEntity = {
  /** The ERP's set, document type or model. */
  set: z.string().min(1),
  /** The ERP's name of every field it has. */
  fields: z.record(z.string(), z.string().min(1)),
  /** Fields that this ERP has nothing for. They are named, so that a forgotten one is still a fault. */
  absent: z.array(z.string()).default([]),
  /** By code field: the catalog's code of each of the ERP's values. One that is not named is shown as it is. */
  values: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  /** By number field: the date it counts the days since, never below zero, where the ERP stores no such number. */
  daysPast: z.record(z.string(), z.string()).default({}),
}

/** Entities that this ERP has nothing for, named for the same reason. */
const absent = z.array(z.string()).default([])
const changes = changesSchema.optional()

const odataMapping = z.strictObject({
  connector: z.literal('odata'),
  absent,
  changes,
  entities: z.record(z.string(), z.strictObject({ ...mappedEntity, key: z.array(z.string()).min(1) })),
})

const identifier = /^[a-z_][a-z0-9_]*$/
/** A field of the document, of its lines (`items.item_name`), or of a linked document (`item_code.item_name`). */
const frappePath = z.string().regex(/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/)
/** Backticks and quotes have a meaning in a request; no document type has them. */
const docType = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u)
const frappeMapping = z.strictObject({
  connector: z.literal('frappe'),
  absent,
  changes,
  entities: z.record(
    z.string(),
    z.strictObject({
      ...mappedEntity,
      set: docType,
      fields: z.record(z.string(), frappePath),
      /** A record is one line of this child table, rather than one document. */
      lines: z.strictObject({ field: z.string().regex(identifier), set: docType }).optional(),
      /** Conditions on the document that always hold: `[docstatus, '=', 1]`. */
      where: z
        .array(
          z.tuple([
            z.string().regex(identifier),
            z.enum(['=', '!=', '>', '>=', '<', '<=', 'in', 'not in']),
            z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))]),
          ]),
        )
        .default([]),
    }),
  ),
})

/** A field of the model, or of a model that many2one fields lead to (`order_id.name`); with `-`, of the opposite sign. */
const odooPath = z.string().regex(/^-?[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*){0,3}$/)
const odooValue = z.union([z.string(), z.number(), z.boolean()])
const odooMapping = z.strictObject({
  connector: z.literal('odoo'),
  absent,
  changes,
  entities: z.record(
    z.string(),
    z.strictObject({
      ...mappedEntity,
      set: z.string().regex(/^[a-z_][a-z0-9_]*(\.[a-z0-9_]+)*$/),
      fields: z.record(z.string(), odooPath),
      /** Conditions on the record that always hold: `[state, '=', posted]`. */
      where: z
        .array(
          z.tuple([
            z.string().regex(/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*){0,3}$/),
            z.enum(['=', '!=', '>', '>=', '<', '<=', 'in', 'not in']),
            z.union([odooValue, z.array(odooValue)]),
          ]),
        )
        .default([]),
    }),
  ),
})

/** How one ERP holds the entities. Each connector has its own shape, chosen by `connector`. */
export const mappingSchema = z.discriminatedUnion('connector', [odataMapping, frappeMapping, odooMapping])

export type ErpMapping = z.infer<typeof mappingSchema>
export type ODataMapping = z.infer<typeof odataMapping>
export type FrappeMapping = z.infer<typeof frappeMapping>
export type OdooMapping = z.infer<typeof odooMapping>
