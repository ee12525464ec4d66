import type { CatalogFault, CatalogFile } from './catalog-file.ts'
import type { Domain, Entity, ErpMapping } from './schema.ts'

type EntityFile = CatalogFile<Entity>

/** Faults that only show between files or fields: a name that names nothing, a field that no mapping carries. */
export function findReferenceFaults(
  entities: EntityFile[],
  domains: CatalogFile<{ domains: Record<string, Domain> }>,
  mapping: CatalogFile<ErpMapping>,
): CatalogFault[] {
  const byName = new Map(entities.map((file) => [file.value.entity, file.value]))
  return [
    ...entities.flatMap((file) => entityFaults(file, new Set(Object.keys(domains.value.domains)))),
    ...domainFaults(domains, byName),
    ...mappingFaults(mapping, byName),
  ]
}

function entityFaults(file: EntityFile, domainNames: Set<string>): CatalogFault[] {
  const { value: entity } = file
  const faults: CatalogFault[] = []
  const report = (path: PropertyKey[], problem: string) => faults.push({ file: file.file, line: file.lineOf(path), problem })
  const isField = (name: string) => name in entity.dimensions || name in entity.measures

  for (const name of Object.keys(entity.measures)) {
    if (name in entity.dimensions) report(['measures', name], `'${name}' is a dimension and a measure`)
    if (name === 'count') report(['measures', name], `'count' is built in and cannot be declared`)
  }
  for (const [name, dimension] of Object.entries(entity.dimensions)) {
    if (dimension.type === 'name' && !domainNames.has(dimension.domain)) {
      report(['dimensions', name, 'domain'], `domain '${dimension.domain}' is not in domains.yaml`)
    }
  }
  for (const [name, measure] of Object.entries(entity.measures)) {
    for (const part of measure.ratio ? [measure.ratio.of, measure.ratio.over] : []) {
      if (!(part in entity.measures)) report(['measures', name, 'ratio'], `'${part}' is not a measure of ${entity.entity}`)
    }
  }
  if (entity.period && entity.dimensions[entity.period]?.type !== 'date') {
    report(['period'], `period '${entity.period}' is not a date of ${entity.entity}`)
  }
  for (const key of ['me', 'myDepartment'] as const) {
    const field = entity[key]
    if (field && !(field in entity.dimensions)) report([key], `'${field}' is not a dimension of ${entity.entity}`)
  }
  entity.everyday.forEach((name, i) => {
    if (!(name in entity.measures)) report(['everyday', i], `'${name}' is not a measure of ${entity.entity}`)
  })
  entity.columns.forEach((name, i) => {
    if (!isField(name)) report(['columns', i], `'${name}' is not a field of ${entity.entity}`)
  })
  return faults
}

function domainFaults(file: CatalogFile<{ domains: Record<string, Domain> }>, entities: Map<string, Entity>): CatalogFault[] {
  return Object.entries(file.value.domains).flatMap(([name, { source }]) => {
    const entity = entities.get(source.entity)
    const at = (key: string) => ({ file: file.file, line: file.lineOf(['domains', name, 'source', key]) })
    if (!entity) return [{ ...at('entity'), problem: `entity '${source.entity}' of domain '${name}' does not exist` }]
    return [source.field, ...(source.code ? [source.code] : [])]
      .filter((field) => !(field in entity.dimensions))
      .map((field) => ({ ...at('field'), problem: `'${field}' is not a dimension of ${source.entity}` }))
  })
}

function mappingFaults(file: CatalogFile<ErpMapping>, entities: Map<string, Entity>): CatalogFault[] {
  const faults: CatalogFault[] = []
  const report = (path: PropertyKey[], problem: string) => faults.push({ file: file.file, line: file.lineOf(path), problem })
  for (const [name, mapped] of Object.entries(file.value.entities)) {
    const entity = entities.get(name)
    if (!entity) {
      report(['entities', name], `entity '${name}' does not exist`)
      continue
    }
    for (const field of Object.keys(mapped.fields)) {
      const isRatio = entity.measures[field]?.ratio !== undefined
      if (isRatio || !(field in entity.dimensions || field in entity.measures)) {
        report(['entities', name, 'fields', field], `'${field}' is not a stored field of ${name}`)
      }
    }
    const stored = [...Object.keys(entity.dimensions), ...Object.keys(entity.measures).filter((m) => !entity.measures[m]?.ratio)]
    for (const field of stored.filter((f) => !(f in mapped.fields))) {
      report(['entities', name, 'fields'], `field '${field}' of ${name} is not mapped`)
    }
  }
  for (const name of entities.keys()) {
    if (!(name in file.value.entities)) report(['entities'], `entity '${name}' is not mapped`)
  }
  return faults
}
