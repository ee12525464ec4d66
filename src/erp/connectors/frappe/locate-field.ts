import type { Catalog, FrappeMapping } from '#catalog'
import { invalidQuery } from '../../errors.ts'

/** How ERPNext holds an entity: its document type, perhaps one of its child tables, and a path for every field. */
export type MappedDocument = FrappeMapping['entities'][string]

/** Where a field is: in the document, in a line of it, or in a document that it links to. */
export type Place = { field: string; column: string; docType: string; at: 'document' | 'line' | 'link'; path: string }

/** The ERP's names of an entity. Throws QUERY_INVALID for one that is not mapped. */
export function mappedDocument({ mapping }: Catalog, entity: string): MappedDocument {
  if (mapping.connector !== 'frappe') throw new Error(`a mapping for ${mapping.connector}`)
  const mapped = Object.hasOwn(mapping.entities, entity) ? mapping.entities[entity] : undefined
  if (!mapped) throw invalidQuery('entity', `'${entity}' is not mapped to the ERP`)
  return mapped
}

/** Where a catalog field is. Throws QUERY_INVALID for one that is not mapped. */
export function locateField(mapped: MappedDocument, field: string): Place {
  const path = Object.hasOwn(mapped.fields, field) ? mapped.fields[field] : undefined
  if (!path) throw invalidQuery(field, `'${field}' is not mapped to the ERP`)
  const [first = '', second] = path.split('.')
  if (second === undefined) return { field, column: first, docType: mapped.set, at: 'document', path }
  if (mapped.lines?.field === first) return { field, column: second, docType: mapped.lines.set, at: 'line', path }
  return { field, column: second, docType: mapped.set, at: 'link', path }
}

/** What one record is known by: the line where records are lines, else the document. Unique, and never changed. */
export function recordKey({ set, lines }: MappedDocument): Place {
  const at = lines ? 'line' : 'document'
  return { field: 'recordKey', column: 'name', docType: lines?.set ?? set, at, path: 'name' }
}

/** The full name of a column, the only one that every version takes in an order or a grouping beside a joined table. */
export function qualify({ docType, column }: Pick<Place, 'docType' | 'column'>): string {
  return `\`tab${docType}\`.\`${column}\``
}

/**
 * A field to read, and the property it comes back as. Beside a joined table names are written in full under a name of ours:
 * two tables share names, and version 15 takes a bare one for the document's.
 */
export function selectField(mapped: MappedDocument, place: Place): { select: string; property: string } {
  const property = `f_${place.field}`
  if (place.at === 'link') return { select: `${place.path} as ${property}`, property }
  if (mapped.lines) return { select: `${qualify(place)} as ${property}`, property }
  return { select: place.column, property: place.column }
}
