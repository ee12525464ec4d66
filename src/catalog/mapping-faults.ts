import type { CatalogFault, CatalogFile } from './catalog-file.ts'
import { changesFaults } from './changes-faults.ts'
import type { ErpMapping } from './mapping-schema.ts'
import type { Entity } from './schema.ts'

type MappedEntity = ErpMapping['entities'][string]
type Report = (path: PropertyKey[], problem: string) => void

/** Faults between a mapping and the entities it maps: what it names that is not there, and what it forgets. */
export function mappingFaults(file: CatalogFile<ErpMapping>, entities: Map<string, Entity>): CatalogFault[] {
  const faults: CatalogFault[] = []
  const report: Report = (path, problem) => faults.push({ file: file.file, line: file.lineOf(path), problem })
  const { absent } = file.value
  for (const [name, mapped] of Object.entries(file.value.entities)) {
    const entity = entities.get(name)
    const reportHere: Report = (path, problem) => report(['entities', name, ...path], problem)
    if (!entity) reportHere([], `entity '${name}' does not exist`)
    else {
      if (absent.includes(name)) reportHere([], `entity '${name}' is mapped and absent`)
      fieldFaults(entity, mapped, reportHere)
      valueFaults(entity, mapped, reportHere)
      if ('also' in mapped) sourceFaults(mapped, reportHere)
    }
  }
  for (const name of entities.keys())
    if (!(name in file.value.entities || absent.includes(name))) report(['entities'], `entity '${name}' is not mapped`)
  for (const [index, name] of absent.entries())
    if (!entities.has(name)) report(['absent', index], `entity '${name}' does not exist`)
  changesFaults(file.value, entities, report)
  return faults
}

function fieldFaults(entity: Entity, mapped: MappedEntity, report: Report): void {
  const stored = storedFields(entity)
  const own = entity.entity
  const places: ['fields' | 'absent' | 'daysPast', string[]][] = [
    ['fields', Object.keys(mapped.fields)],
    ['absent', mapped.absent],
    ['daysPast', Object.keys(mapped.daysPast)],
  ]
  for (const [place, names] of places)
    for (const [index, field] of names.entries())
      if (!stored.includes(field))
        report([place, place === 'absent' ? index : field], `'${field}' is not a stored field of ${own}`)
  for (const field of stored) {
    const count = places.filter(([, names]) => names.includes(field)).length
    if (count === 0) report(['fields'], `field '${field}' of ${own} is not mapped`)
    if (count > 1) report(['fields'], `field '${field}' of ${own} is mapped more than once`)
  }
}

function valueFaults(entity: Entity, mapped: MappedEntity, report: Report): void {
  for (const [field, values] of Object.entries(mapped.values)) {
    const dimension = entity.dimensions[field]
    const codes = dimension?.type === 'code' ? Object.keys(dimension.values) : undefined
    if (!codes || !(field in mapped.fields)) report(['values', field], `'${field}' is not a mapped code field`)
    for (const [value, code] of Object.entries(values))
      if (codes && !codes.includes(code)) report(['values', field, value], `'${code}' is not a code of ${field}`)
  }
  for (const [field, date] of Object.entries(mapped.daysPast)) {
    if (entity.dimensions[field]?.type !== 'number') report(['daysPast', field], `'${field}' is not a number`)
    if (entity.dimensions[date]?.type !== 'date' || !(date in mapped.fields))
      report(['daysPast', field], `'${date}' is not a mapped date`)
  }
}

/** Every source of an entity has its fields, and names for fields that it has. */
function sourceFaults(mapped: Extract<MappedEntity, { also: object }>, report: Report): void {
  for (const field of Object.keys(mapped.names))
    if (!(field in mapped.fields)) report(['names', field], `'${field}' is not a mapped field`)
  modifiedFaults(mapped, report)
  for (const [index, { fields, names }] of mapped.also.entries()) {
    for (const field of Object.keys(mapped.fields))
      if (!(field in fields)) report(['also', index], `field '${field}' is not mapped here`)
    for (const field of [...Object.keys(fields), ...Object.keys(names)])
      if (!(field in mapped.fields)) report(['also', index], `'${field}' is not a mapped field`)
  }
}

/** Times of modification: all sets of an entity have one or none, and it is no key, no list of lines and no day. */
function modifiedFaults(mapped: Extract<MappedEntity, { also: object }>, report: Report): void {
  for (const [index, source] of mapped.also.entries())
    if ((source.modified === undefined) !== (mapped.modified === undefined))
      report(['also', index], `'modified' is named for some of its sets only`)
  for (const [path, { modified, key, lines, fields }] of [
    [[], mapped] as const,
    ...mapped.also.map((source, index) => [['also', index], source] as const),
  ]) {
    const isTaken = modified !== undefined && (key.includes(modified) || lines === modified)
    if (isTaken || (modified !== undefined && Object.values(fields).includes(modified)))
      report([...path, 'modified'], `'${modified}' is a key, lines or a field, and no time of modification`)
  }
}

/** What an ERP is to hold of an entity: everything but percentages of two sums. */
function storedFields(entity: Entity): string[] {
  const measures = Object.keys(entity.measures).filter((name) => !entity.measures[name]?.ratio)
  return [...Object.keys(entity.dimensions), ...measures]
}
