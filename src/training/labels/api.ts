import { z } from 'zod'
import { businessQuerySchema } from '#catalog'
import { labelSchema, longestText } from '../review/api.ts'

/** Labelled sentences on the wire and in files: a label, or the whole query, or both as an export has them. */
const count = z.number().int().min(0)
const text = z.string().min(1).max(longestText)
const mostRows = 1_000

export const addLabelsSchema = z.strictObject({
  rows: z
    .array(z.strictObject({ text, label: labelSchema }))
    .min(1)
    .max(mostRows),
})
export const addedSchema = z.object({ added: count })

const labelFormats = ['csv', 'jsonl'] as const
export type LabelFormat = (typeof labelFormats)[number]
export const formatSchema = z.object({ format: z.enum(labelFormats).default('csv') })

/** One line of a JSONL file; what else it has is not looked at. */
export const lineSchema = z.object({
  text: z.string(),
  label: z.string().optional(),
  query: businessQuerySchema.nullish(),
})

/** `known`: rows that were there already, and were not added again. */
export const importedSchema = z.object({ rows: count, added: count, known: count })
export type Imported = z.infer<typeof importedSchema>
