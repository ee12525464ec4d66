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

/** The kinds of OData service that differ in what they understand; what each does is in the connector's `dialects`. */
const odataDialect = z.enum(['standard', 'business-central', 'finance-operations', 's4hana', 's4hana-v2'])
/** A set below the service root; where each API is a service of its own, with that service's path in front. */
const odataSet = z.string().regex(/^[A-Za-z_][\w.]*(\/[\w.]+){0,8}$/)
const odataName = z.string().regex(/^[A-Za-z_]\w*$/)
/** A property of the record, of one it belongs to (`item/displayName`), or of its lines; with `-`, of the opposite sign. */
const odataPath = z.string().regex(/^-?[A-Za-z_]\w*(\/[A-Za-z_]\w*){0,3}$/)
const odataScalar = z.union([z.string(), z.number(), z.boolean()])
/** Conditions that always hold: `[status, eq, Open]`. They name properties of the record itself. */
const odataWhere = z
  .array(
    z.tuple([
      odataName,
      z.enum(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in']),
      z.union([odataScalar, z.array(odataScalar)]),
    ]),
  )
  .default([])
/** Records of one set, or the lines of its records. */
const odataSource = {
  dialect: odataDialect.optional(),
  set: odataSet,
  fields: z.record(z.string(), odataPath),
  key: z.array(odataName).min(1),
  /** A record is one line of this collection, rather than one of the set. */
  lines: odataName.optional(),
  where: odataWhere,
  /** The record's own property with the instant of its last modification, where the ERP publishes one. */
  modified: odataName.optional(),
  /** By property path, where values are not as usual: `boolean`, `date`, `utc` (an instant), or an enumeration in full. */
  types: z.record(z.string(), z.string().regex(/^[A-Za-z_][\w.]*$/)).default({}),
  /** By field that holds a key: the set that has its name. */
  names: z
    .record(
      z.string(),
      z.strictObject({
        dialect: odataDialect.optional(),
        set: odataSet,
        key: odataName,
        name: odataName,
        where: odataWhere,
      }),
    )
    .default({}),
}
const odataMapping = z.strictObject({
  connector: z.literal('odata'),
  /** What the ERP speaks, unless an entity says otherwise. */
  dialect: odataDialect.default('standard'),
  absent,
  changes,
  entities: z.record(
    z.string(),
    z.strictObject({
      ...mappedEntity,
      ...odataSource,
      /** Further sets whose records are this entity's, too: credit memos, with amounts of the opposite sign. */
      also: z.array(z.strictObject(odataSource)).default([]),
    }),
  ),
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
