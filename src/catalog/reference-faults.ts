import type { CatalogFault, CatalogFile } from './catalog-file.ts'
import { mappingFaults } from './mapping-faults.ts'
import type { ErpMapping } from './mapping-schema.ts'
import type { Domain, Entity } from './schema.ts'

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
  const problems = [...fieldProblems(file.value, domainNames), ...referenceProblems(file.value)]
  return problems.map(({ path, problem }) => ({ file: file.file, line: file.lineOf(path), problem }))
}

type Problem = { path: PropertyKey[]; problem: string }

function fieldProblems(entity: Entity, domainNames: Set<string>): Problem[] {
  const dimensions = Object.entries(entity.dimensions).flatMap(([name, dimension]): Problem[] =>
    dimension.type === 'name' && !domainNames.has(dimension.domain)
      ? [{ path: ['dimensions', name, 'domain'], problem: `domain '${dimension.domain}' is not in domains.yaml` }]
      : [],
  )
  const measures = Object.entries(entity.measures).flatMap(([name, { ratio }]): Problem[] => {
    const path = ['measures', name]
    const parts = ratio ? [ratio.of, ratio.over] : []
    return [
      ...(name in entity.dimensions ? [{ path, problem: `'${name}' is a dimension and a measure` }] : []),
      ...(name === 'count' ? [{ path, problem: `'count' is built in and cannot be declared` }] : []),
      ...parts
        .filter((part) => !(part in entity.measures))
        .map((part) => ({ path: [...path, 'ratio'], problem: `'${part}' is not a measure of ${entity.entity}` })),
    ]
  })
  return [...dimensions, ...measures]
}

function referenceProblems(entity: Entity): Problem[] {
  const isField = (name: string) => name in entity.dimensions || name in entity.measures
  const own = entity.entity
  return [
    ...(entity.period && entity.dimensions[entity.period]?.type !== 'date'
      ? [{ path: ['period'], problem: `period '${entity.period}' is not a date of ${own}` }]
      : []),
    ...(entity.presentYear && entity.dimensions[entity.presentYear]?.type !== 'year'
      ? [{ path: ['presentYear'], problem: `presentYear '${entity.presentYear}' is not a year of ${own}` }]
      : []),
    ...(['me', 'myDepartment', 'countBy'] as const)
      .map((key) => ({ key, field: entity[key] }))
      .filter(({ field }) => field && !(field in entity.dimensions))
      .map(({ key, field }) => ({ path: [key], problem: `'${field}' is not a dimension of ${own}` })),
    ...entity.everyday
      .map((name, i) => ({ name, path: ['everyday', i] }))
      .filter(({ name }) => !(name in entity.measures))
      .map(({ name, path }) => ({ path, problem: `'${name}' is not a measure of ${own}` })),
    ...entity.columns
      .map((name, i) => ({ name, path: ['columns', i] }))
      .filter(({ name }) => !isField(name))
      .map(({ name, path }) => ({ path, problem: `'${name}' is not a field of ${own}` })),
  ]
}

function domainFaults(
  file: CatalogFile<{ domains: Record<string, Domain> }>,
  entities: Map<string, Entity>,
): CatalogFault[] {
  return Object.entries(file.value.domains).flatMap(([name, { source }]) => {
    const entity = entities.get(source.entity)
    const at = (key: string) => ({ file: file.file, line: file.lineOf(['domains', name, 'source', key]) })
    if (!entity) return [{ ...at('entity'), problem: `entity '${source.entity}' of domain '${name}' does not exist` }]
    return [source.field, ...(source.code ? [source.code] : []), ...(source.facts ?? [])]
      .filter((field) => !(field in entity.dimensions))
      .map((field) => ({ ...at('field'), problem: `'${field}' is not a dimension of ${source.entity}` }))
  })
}
