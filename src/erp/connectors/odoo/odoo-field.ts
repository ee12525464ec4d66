import type { Catalog, OdooMapping } from '#catalog'
import { AppError } from '#platform/errors'
import { erpErrors, invalidQuery } from '../../errors.ts'
import type { FieldInfo } from './describe-model.ts'

/** How the mapping file describes an entity: its model, conditions that always hold, and a path for every field. */
export type OdooEntity = OdooMapping['entities'][string]

/** A catalog field as a model has it, its path looked up hop by hop. */
export type OdooField = {
  name: string
  /** `order_id.date_order`: many2one fields, and last the field that holds the value. */
  path: string
  hops: { field: string; model: string }[]
  last: string
  /** Whether the model holds the opposite sign. */
  negated: boolean
  info: FieldInfo
}

/** The mapping of an entity. Throws QUERY_INVALID for one that this ERP is not asked about. */
export function mappedEntity({ mapping }: Catalog, entity: string): OdooEntity {
  if (mapping.connector !== 'odoo') throw new Error(`a mapping for ${mapping.connector}`)
  const mapped = Object.hasOwn(mapping.entities, entity) ? mapping.entities[entity] : undefined
  if (!mapped) throw invalidQuery('entity', `'${entity}' is not mapped to the ERP`)
  return mapped
}

type Describe = (model: string) => Promise<ReadonlyMap<string, FieldInfo>>
type Scope = { mapped: OdooEntity; describe: Describe }

/**
 * Looks a catalog field up in the models it goes through. Throws QUERY_INVALID for one that is not mapped, ERP_BAD_REPLY
 * when the models no longer have what the mapping names: after an upgrade of the ERP.
 */
export async function findField(name: string, { mapped, describe }: Scope): Promise<OdooField> {
  const text = ownValue(mapped.fields, name)
  if (!text) throw invalidQuery(name, `'${name}' is not mapped to the ERP`)
  const path = text.replace(/^-/, '')
  const steps = path.split('.')
  const last = steps.pop() ?? ''
  const hops: OdooField['hops'] = []
  let model = mapped.set
  for (const field of steps) {
    const { type, relation } = await findInfo(model, field, describe)
    if (type !== 'many2one' || !relation) throw misfit(`${model}.${field} leads to no other model`)
    hops.push({ field, model: relation })
    model = relation
  }
  const info = await findInfo(model, last, describe)
  return {
    name,
    path,
    hops,
    last,
    negated: path !== text,
    info,
  }
}

function ownValue<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

async function findInfo(model: string, field: string, describe: Describe): Promise<FieldInfo> {
  const info = (await describe(model)).get(field)
  if (!info) throw misfit(`${model} has no field ${field}`)
  return info
}

/** The mapping and the ERP have come apart. `problem` names models and fields only, so it may be logged. */
export function misfit(problem: string): AppError {
  return new AppError(erpErrors.badReply, { cause: new Error(`${problem}: the mapping does not fit this ERP`) })
}
