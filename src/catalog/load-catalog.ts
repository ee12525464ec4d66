import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { CatalogFault, CatalogFile } from './catalog-file.ts'
import { findReferenceFaults } from './reference-faults.ts'
import {
  type Catalog,
  type Domain,
  domainsFileSchema,
  type Entity,
  type ErpMapping,
  entitySchema,
  mappingSchema,
} from './schema.ts'

type Parsed<T> = { file?: CatalogFile<T>; faults: CatalogFault[] }

function parseFile<T>(root: string, file: string, schema: z.ZodType<T>): Parsed<T> {
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(join(root, file), 'utf8'), { lineCounter: lines })
  if (document.errors.length > 0) {
    return {
      faults: document.errors.map((e) => ({
        file,
        line: e.linePos?.[0].line ?? 1,
        problem: e.message.split('\n')[0] ?? e.code,
      })),
    }
  }
  // The line of the deepest part of the path that exists: a missing key is reported where it should have been.
  const lineOf = (path: PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = (length === 0 ? document.contents : document.getIn(path.slice(0, length), true)) as Node | undefined
      const offset = node?.range?.[0]
      if (offset !== undefined) return lines.linePos(offset).line
    }
    return 1
  }
  const result = schema.safeParse(document.toJS())
  if (!result.success) {
    return {
      faults: result.error.issues.map((issue) => {
        const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
        return { file, line: lineOf(path), problem: `${issue.path.join('.') || 'file'}: ${issue.message}` }
      }),
    }
  }
  return { file: { file, value: result.data, lineOf }, faults: [] }
}

/**
 * Reads a catalog folder: `entities/*.yaml`, `domains.yaml` and `mappings/<mapping>.yaml`. Returns every fault found, or the
 * catalog when there is none. Throws only when the folder cannot be read.
 */
export function checkCatalog(root: string, mappingName: string): { catalog?: Catalog; faults: CatalogFault[] } {
  const entityFiles = readdirSync(join(root, 'entities'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => parseFile<Entity>(root, join('entities', name), entitySchema))
  const domains = parseFile<{ domains: Record<string, Domain> }>(root, 'domains.yaml', domainsFileSchema)
  const mapping = parseFile<ErpMapping>(root, join('mappings', `${mappingName}.yaml`), mappingSchema)

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

/** `entities/sales.yaml:12: …`, the form editors jump to. */
export function formatFault(fault: CatalogFault): string {
  return `${fault.file}:${fault.line}: ${fault.problem}`
}
