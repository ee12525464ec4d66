import type { Catalog, Entity } from './schema.ts'

/** Whether the ERP has anything for an entity, or for a field of it. */
export function isHeld({ mapping }: Catalog, entity: string, field?: string): boolean {
  const mapped = Object.hasOwn(mapping.entities, entity) ? mapping.entities[entity] : undefined
  if (!mapped) return false
  return field === undefined || !mapped.absent.includes(field)
}

/** An entity without what the ERP has nothing for; a percentage needs both of its sums. */
export function heldEntity(catalog: Catalog, entity: Entity): Entity {
  const absent = catalog.mapping.entities[entity.entity]?.absent ?? []
  if (absent.length === 0) return entity
  const isThere = (name: string) => {
    const ratio = entity.measures[name]?.ratio
    return ![name, ...(ratio ? [ratio.of, ratio.over] : [])].some((part) => absent.includes(part))
  }
  const keep = <T>(fields: Record<string, T>) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => isThere(name)))
  return {
    ...entity,
    dimensions: keep(entity.dimensions),
    measures: keep(entity.measures),
    everyday: entity.everyday.filter(isThere),
    columns: entity.columns.filter(isThere),
  }
}
