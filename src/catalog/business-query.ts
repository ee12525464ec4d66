import { z } from 'zod'

/**
 * The business query: what a question becomes, and the only thing a connector accepts. Understanding produces it,
 * connectors consume it; no SQL and no generated code crosses this line.
 */
const longestName = 64
const longestText = 200
const longestRelative = 40
/** How many of each a query may have. */
const most = { measures: 8, groupBy: 4, where: 20, values: 200, orderBy: 4, limit: 1000, select: 20 } as const
const name = z.string().min(1).max(longestName)
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

export const operators = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'contains'] as const
export const grains = ['day', 'week', 'month', 'quarter', 'year'] as const

const scalar = z.union([z.string().max(longestText), z.number(), z.boolean()])

/** `[field, operator, value]`. The value of a comparison may be a field name of the entity (`safetyStock`) or `@today`, `@me`, `@myDepartment`. */
const conditionSchema = z.tuple([name, z.enum(operators), z.union([scalar, z.array(scalar).min(1).max(most.values)])])

/** Both ends are inclusive ISO dates; a missing end is open. `relative` lets a subscription move with time. */
const periodSchema = z.object({
  field: name,
  from: isoDate.optional(),
  to: isoDate.optional(),
  relative: z.string().max(longestRelative).optional(),
})

/**
 * `measures` entries are a measure, `count`, or a prefixed measure: `avg:` `max:` `min:` (of the records) or `share:`
 * (percent of the whole, with a groupBy). `groupBy` entries are dimensions, or a date field with a grain: `date:month`.
 * Money is in won, a share in percent.
 */
export const businessQuerySchema = z.object({
  entity: name,
  measures: z.array(name).max(most.measures),
  groupBy: z.array(name).max(most.groupBy).optional(),
  where: z.array(conditionSchema).max(most.where).optional(),
  period: periodSchema.optional(),
  compareTo: z.enum(['previousPeriod', 'previousYear']).optional(),
  orderBy: z
    .array(z.tuple([name, z.enum(['asc', 'desc'])]))
    .max(most.orderBy)
    .optional(),
  limit: z.number().int().min(1).max(most.limit).optional(),
  select: z.array(name).max(most.select).optional(),
})

export type Operator = (typeof operators)[number]
export type Grain = (typeof grains)[number]
export type Condition = z.infer<typeof conditionSchema>
export type Period = z.infer<typeof periodSchema>
export type BusinessQuery = z.infer<typeof businessQuerySchema>

const isName = (text: string): boolean => text.length >= 1 && text.length <= longestName
const areNames = (texts: readonly string[], count: number): boolean => texts.length <= count && texts.every(isName)
const isDay = (text: string | undefined): boolean => text === undefined || /^\d{4}-\d{2}-\d{2}$/.test(text)
const isShort = (value: string | number | boolean): boolean =>
  typeof value === 'string' ? value.length <= longestText : typeof value === 'boolean' || Number.isFinite(value)

function isConditionWithinLimits([field, , value]: Condition): boolean {
  if (!Array.isArray(value)) return isName(field) && isShort(value)
  return isName(field) && value.length >= 1 && value.length <= most.values && value.every(isShort)
}

/** Whether a query of ours is one that `businessQuerySchema` takes: its types say the rest. A tenth of the schema's time. */
export function isWithinLimits(query: BusinessQuery): boolean {
  const { entity, measures, groupBy = [], where = [], period, orderBy = [], limit = 1, select = [] } = query
  const hasRoom = where.length <= most.where && orderBy.length <= most.orderBy && limit >= 1 && limit <= most.limit
  return (
    hasRoom &&
    isName(entity) &&
    areNames(measures, most.measures) &&
    areNames(groupBy, most.groupBy) &&
    areNames(select, most.select) &&
    where.every(isConditionWithinLimits) &&
    orderBy.every(([by]) => isName(by)) &&
    Number.isInteger(limit) &&
    (period === undefined || isPeriodWithinLimits(period))
  )
}

const isPeriodWithinLimits = ({ field, from, to, relative = '' }: Period): boolean =>
  isName(field) && isDay(from) && isDay(to) && relative.length <= longestRelative

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
