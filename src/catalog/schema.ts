import { z } from 'zod'
import type { ErpMapping } from './mapping-schema.ts'

/** The shape of the catalog's data files. One file an entity, one for the name domains, one a connector mapping. */
const labels = z.strictObject({ ko: z.string().min(1), en: z.string().min(1) })
const synonyms = z.strictObject({
  ko: z.array(z.string().min(1)).default([]),
  en: z.array(z.string().min(1)).default([]),
})
const noSynonyms = { ko: [], en: [] }

const codeValue = z.strictObject({ label: labels, synonyms: synonyms.default(noSynonyms) })

const described = { label: labels, synonyms: synonyms.default(noSynonyms) }

/** `name`: a value of a master-data domain. `code`: one of a closed list. The rest are plain attributes. */
const dimensionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('name'), domain: z.string(), ...described }),
  z.strictObject({ type: z.literal('code'), values: z.record(z.string(), codeValue), ...described }),
  z.strictObject({ type: z.literal('documentNo'), prefix: z.string(), ...described }),
  z.strictObject({ type: z.literal('date'), ...described }),
  /** `counter` is how its number is read out: 90일, 90 days. */
  z.strictObject({ type: z.literal('number'), counter: labels.optional(), ...described }),
  z.strictObject({ type: z.enum(['text', 'phone', 'email', 'year', 'money']), ...described }),
])

/** A word for where a measure stands: 품절 is a quantity of 0, 적자 a profit below it. */
const measureState = z.strictObject({
  operator: z.enum(['eq', 'ne', 'lt', 'lte', 'gt', 'gte']),
  value: z.number(),
  synonyms,
})

/** A `ratio` measure is a percentage of two sums and is never summed itself. */
const measureSchema = z.strictObject({
  type: z.enum(['money', 'quantity', 'days', 'percent']),
  ratio: z.strictObject({ of: z.string(), over: z.string() }).optional(),
  /** The measure that this one is a bound for: 안전재고 bounds the quantity, a budget what is spent. Lets "below safety stock" be asked. */
  boundOf: z.string().optional(),
  /** `lower`: the less of it the better, so that the worst line is the one with most defects. */
  better: z.literal('lower').optional(),
  /** How a count of it is read out: 개, 일. */
  counter: labels.optional(),
  states: z.array(measureState).optional(),
  ...described,
})

export const entitySchema = z.strictObject({
  entity: z.string().regex(/^[a-z][A-Za-z]*$/),
  /** transaction: movements summed over time; document: papers with a status; balance, snapshot: the state today; master: who and what. */
  kind: z.enum(['transaction', 'document', 'balance', 'snapshot', 'master']),
  label: labels,
  synonyms: synonyms.default(noSynonyms),
  /** The default period field; absent when the entity has no time. */
  period: z.string().optional(),
  /** A year dimension that means this year unless one is said: a sum over the years would mean nothing. */
  presentYear: z.string().optional(),
  /** Measures shown when none is named; empty shows the records. */
  everyday: z.array(z.string()).default([]),
  /** The field that is "me" in this entity, and the one that is "my department". */
  me: z.string().optional(),
  myDepartment: z.string().optional(),
  /** How one record, or one value of `countBy`, is counted: 건, 곳, 명. */
  counter: labels,
  /** The field whose distinct values are counted where one thing has several records: the order of its lines. */
  countBy: z.string().optional(),
  dimensions: z.record(z.string(), dimensionSchema),
  measures: z.record(z.string(), measureSchema).default({}),
  /** Columns of a record list, most telling first; the first two are what a phone shows. */
  columns: z.array(z.string()).min(1),
})

/** Where a domain's names come from in the ERP, and what they may also be called. */
const domainSchema = z.strictObject({
  label: labels,
  /**
   * The master-data field whose distinct values are the names; `code` is another field by which one is asked for, `facts` are fields
   * that tell namesakes apart: the title of 김과장.
   */
  source: z.strictObject({
    entity: z.string(),
    field: z.string(),
    code: z.string().optional(),
    facts: z.array(z.string()).optional(),
  }),
  /** Fixed other names, by canonical name: 서울 → Seoul. Written by hand where romanisation does not reach. */
  aliases: z.record(z.string(), z.array(z.string())).default({}),
})
export const domainsFileSchema = z.strictObject({ domains: z.record(z.string(), domainSchema) })

export type Language = 'ko' | 'en'
export type Labels = z.infer<typeof labels>
export type Dimension = z.infer<typeof dimensionSchema>
export type Measure = z.infer<typeof measureSchema>
export type Entity = z.infer<typeof entitySchema>
export type Domain = z.infer<typeof domainSchema>
export type Catalog = {
  entities: Record<string, Entity>
  domains: Record<string, Domain>
  mapping: ErpMapping
}
