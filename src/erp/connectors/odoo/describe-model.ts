import { z } from 'zod'
import { RetryableReply } from '../http/retry-call.ts'

/** What a model says of one of its fields, by the ORM's `fields_get`. */
export type FieldInfo = {
  type: string
  relation: string | undefined
  searchable: boolean
  sortable: boolean
  groupable: boolean
}

const infoSchema = z.object({
  type: z.string(),
  relation: z.string().optional(),
  store: z.boolean().optional(),
  searchable: z.boolean().optional(),
  sortable: z.boolean().optional(),
  groupable: z.boolean().optional(),
})
const replySchema = z.record(z.string(), infoSchema)

/** The arguments of `fields_get` that `readDescription` needs. */
export const descriptionRequest = {
  attributes: ['type', 'relation', 'store', 'searchable', 'sortable', 'groupable'],
}

/** Reads a reply of `fields_get`. Throws RetryableReply for anything else. */
export function readDescription(reply: unknown): ReadonlyMap<string, FieldInfo> {
  const parsed = replySchema.safeParse(reply)
  if (!parsed.success) throw new RetryableReply('not a description of fields')
  return new Map(
    Object.entries(parsed.data).map(([name, { type, relation, store = false, ...can }]) => [
      name,
      {
        type,
        relation,
        searchable: can.searchable ?? store,
        sortable: can.sortable ?? store,
        groupable: can.groupable ?? store,
      },
    ]),
  )
}

type Kept = { fields: ReadonlyMap<string, FieldInfo>; until: number }

/** Keeps the descriptions of models for a while: they change with upgrades only. */
export type ModelDescriptions = {
  get(model: string, ask: () => Promise<ReadonlyMap<string, FieldInfo>>): Promise<ReadonlyMap<string, FieldInfo>>
  /** Forgets all of them, because the ERP took exception to what they say. */
  forget(): void
}

/** Opens an empty store of descriptions; each is asked for again after `keepMs`. */
export function keepDescriptions({ now, keepMs }: { now: () => Date; keepMs: number }): ModelDescriptions {
  const kept = new Map<string, Kept>()
  return {
    get: async (model, ask) => {
      const known = kept.get(model)
      if (known && now().getTime() < known.until) return known.fields
      const fields = await ask()
      kept.set(model, { fields, until: now().getTime() + keepMs })
      return fields
    },
    forget: () => kept.clear(),
  }
}
