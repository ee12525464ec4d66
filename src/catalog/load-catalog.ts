import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { formatFault, readYamlFile } from '#platform/yaml-file'
import type { CatalogFault } from './catalog-file.ts'
import { type ErpMapping, mappingSchema } from './mapping-schema.ts'
import { findReferenceFaults } from './reference-faults.ts'
import { type Catalog, type Domain, domainsFileSchema, type Entity, entitySchema } from './schema.ts'

/**
 * Reads a catalog folder: `entities/*.yaml`, `domains.yaml` and `mappings/<mapping>.yaml`. Returns every fault found, or the
 * catalog when there is none. Throws only when the folder cannot be read.
 */
export function checkCatalog(root: string, mappingName: string): { catalog?: Catalog; faults: CatalogFault[] } {
  const entityFiles = readdirSync(join(root, 'entities'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readYamlFile<Entity>(root, join('entities', name), entitySchema))
  const domains = readYamlFile<{ domains: Record<string, Domain> }>(root, 'domains.yaml', domainsFileSchema)
  const mapping = readYamlFile<ErpMapping>(root, join('mappings', `${mappingName}.yaml`), mappingSchema)

  const faults = [...entityFiles, domains, mapping].flatMap((parsed) => parsed.faults)
  const entities = entityFiles.flatMap((parsed) => parsed.file ?? [])
  if (faults.length > 0 || !domains.file || !mapping.file) return { faults }

  const references = findReferenceFaults(entities, domains.file, mapping.file)
  if (references.length > 0) return { faults: references }
  return {
    catalog: {
      entities: Object.fromEntries(entities.map(({ value }) => [value.entity, value])),
      domains: domains.file.value.domains,
      mapping: mapping.file.value,
    },
    faults: [],
  }
}

/** Loads the catalog or throws an Error that lists every fault as `file:line: problem`. */
export function loadCatalog(root: string, mappingName: string): Catalog {
  const { catalog, faults } = checkCatalog(root, mappingName)
  if (!catalog) throw new Error(`The catalog has ${faults.length} fault(s):\n${faults.map(formatFault).join('\n')}`)
  return catalog
}
