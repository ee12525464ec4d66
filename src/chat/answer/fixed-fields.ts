import type { RowFilter } from '#catalog'
import { type Asked, isFixed } from './wording.ts'

/**
 * The fields that have one value in an answer: those a condition or the reader's rights fix, and those that follow from
 * them by the master data, as an item's category follows from the item. To cut by them shows nothing.
 */
export function fixedFields(asked: Asked, reach: RowFilter): Set<string> {
  const { entity, query } = asked
  const fixed = Object.keys(entity.dimensions).filter(
    (name) =>
      isFixed(name, query.where) || (reach !== 'all' && reach.every((alternative) => isFixed(name, alternative))),
  )
  const follow = fixed.flatMap((name) => attributesOf(name, asked))
  return new Set([...fixed, ...follow])
}

/** The other fields of the entity that a value of `field` decides. */
function attributesOf(field: string, { entity, catalog }: Asked): string[] {
  const own = domainOf(entity.dimensions[field])
  const source = own ? catalog.domains[own]?.source : undefined
  const master = catalog.entities[source?.entity ?? '']
  // Only what has records of its own has attributes: a department that employees name has none.
  if (!own || master?.kind !== 'master' || master.columns[0] !== source?.field) return []
  const decided = new Set(Object.values(master.dimensions).map(domainOf))
  return Object.keys(entity.dimensions).filter((name) => {
    const domain = domainOf(entity.dimensions[name])
    return domain !== undefined && domain !== own && decided.has(domain)
  })
}

function domainOf(dimension: Asked['entity']['dimensions'][string] | undefined): string | undefined {
  return dimension?.type === 'name' ? dimension.domain : undefined
}
