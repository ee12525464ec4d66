import { z } from 'zod'

/**
 * The business query: what a question becomes, and the only thing a connector accepts. Understanding produces it,
 * connectors consume it; no SQL and no generated code crosses this line.
 */
const name = z.string().min(1).max(64)
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

export const operators = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'contains'] as const
export const grains = ['day', 'week', 'month', 'quarter', 'year'] as const

const scalar = z.union([z.string().max(200), z.number(), z.boolean()])

/** `[field, operator, value]`. The value of a comparison may be a field name of the entity (`safetyStock`) or `@today`, `@me`, `@myDepartment`. */
const conditionSchema = z.tuple([name, z.enum(operators), z.union([scalar, z.array(scalar).min(1).max(200)])])

/** Both ends are inclusive ISO dates; a missing end is open. `relative` lets a subscription move with time. */
const periodSchema = z.object({
  field: name,
  from: isoDate.optional(),
  to: isoDate.optional(),
  relative: z.string().max(40).optional(),
})

/**
 * `measures` entries are a measure, `count`, or a prefixed measure: `avg:` `max:` `min:` (of the records) or `share:`
 * (percent of the whole, with a groupBy). `groupBy` entries are dimensions, or a date field with a grain: `date:month`.
 * Money is in won, a share in percent.
 */
export const businessQuerySchema = z.object({
  entity: name,
  measures: z.array(name).max(8),
  groupBy: z.array(name).max(4).optional(),
  where: z.array(conditionSchema).max(20).optional(),
  period: periodSchema.optional(),
  compareTo: z.enum(['previousPeriod', 'previousYear']).optional(),
  orderBy: z
    .array(z.tuple([name, z.enum(['asc', 'desc'])]))
    .max(4)
    .optional(),
  limit: z.number().int().min(1).max(1000).optional(),
  select: z.array(name).max(20).optional(),
})

export type Operator = (typeof operators)[number]
export type Grain = (typeof grains)[number]
export type Condition = z.infer<typeof conditionSchema>
export type Period = z.infer<typeof periodSchema>
export type BusinessQuery = z.infer<typeof businessQuerySchema>

const prefixes = ['avg', 'max', 'min', 'share'] as const
export type MeasurePrefix = (typeof prefixes)[number]

/** Splits `avg:amount` into its prefix and measure; a plain measure has no prefix. */
export function splitMeasure(text: string): { prefix?: MeasurePrefix; measure: string } {
  const [head, tail] = text.split(':', 2)
  const prefix = prefixes.find((p) => p === head)
  return prefix && tail ? { prefix, measure: tail } : { measure: text }
}

/** Splits `date:month` into field and grain; a plain dimension has no grain. */
export function splitDimension(text: string): { field: string; grain?: Grain } {
  const [field = text, tail] = text.split(':', 2)
  const grain = grains.find((g) => g === tail)
  return grain ? { field, grain } : { field: text }
}
