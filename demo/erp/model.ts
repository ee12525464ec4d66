import { entitySets } from './model-sets.ts'

/** The primitive types served; `Boolean` only as a result of expressions. */
export type EdmType = 'String' | 'Date' | 'Decimal' | 'Int32' | 'Boolean'

/** `column` is the view's column. Decimals carry `scale` digits after the point. */
export type Property = {
  name: string
  column: string
  type: EdmType
  nullable?: boolean
  precision?: number
  scale?: number
  maxLength?: number
}

/** An entity set is a view of the ERP's tables. Identifiers in SQL come from here and nowhere else. */
export type EntitySet = { name: string; entityType: string; view: string; key: string[]; properties: Property[] }

/** The entity set of that exact name. */
export function findEntitySet(name: string): EntitySet | undefined {
  return entitySets.find((set) => set.name === name)
}
