import type { Catalog, FrappeMapping } from '#catalog'
import type { Cell, Row } from '../../query-answer.ts'
import { docTypes } from './erpnext-data-fixture.ts'
import type { Doc, Documents } from './simulator-model-fixture.ts'

type Mapped = FrappeMapping['entities'][string]
type Site = Map<string, Map<string, Doc>>

/** Catalog rows as the documents of an ERPNext site that its mapping would read them from. Tests only. */
export function documentsOf({ mapping }: Catalog, tables: ReadonlyMap<string, Row[]>): Documents {
  if (mapping.connector !== 'frappe') throw new Error('not the mapping of ERPNext')
  const site: Site = new Map()
  for (const [entity, mapped] of Object.entries(mapping.entities))
    for (const [index, row] of (tables.get(entity) ?? []).entries())
      writeDocument(site, mapped, row, `${entity}-${String(index).padStart(6, '0')}`)
  return Object.fromEntries([...site].map(([type, docs]) => [type, [...docs.values()]]))
}

/** Entities may share a document: an invoice is sales by its lines and a receivable by its head. */
function writeDocument(site: Site, mapped: Mapped, row: Row, id: string): void {
  const nameField = Object.keys(mapped.fields).find((field) => mapped.fields[field] === 'name')
  const doc = documentNamed(site, mapped.set, String(row[nameField ?? ''] ?? id))
  for (const [field, operator, value] of mapped.where) if (operator === '=') doc[field] = value
  const line: Doc = { name: `row-${id}` }
  for (const [field, path] of Object.entries(mapped.fields)) {
    const [head = '', tail] = path.split('.')
    const own = ownValue(mapped, field, row[field] ?? null)
    if (tail === undefined) {
      if (head !== 'name') doc[head] = withTime(own, docTypes[mapped.set]?.[head])
    } else if (head === mapped.lines?.field) {
      line[tail] = withTime(own, docTypes[mapped.lines.set]?.[tail])
    } else {
      const type = docTypes[mapped.set]?.[head]?.split(':')[1] ?? ''
      // One of its own that is not in use: what is linked is not to be found as a record itself.
      const linked = documentNamed(site, type, `${id}-${head}`)
      Object.assign(linked, { [tail]: own, disabled: 1 })
      doc[head] = linked.name
    }
  }
  if (!mapped.lines) return
  const lines = (doc[mapped.lines.field] ?? []) as Doc[]
  doc[mapped.lines.field] = [...lines, { ...line, idx: lines.length + 1 }]
}

function documentNamed(site: Site, type: string, name: string): Doc {
  const docs = site.get(type) ?? new Map<string, Doc>()
  site.set(type, docs)
  const doc = docs.get(name) ?? { name, modified: '2026-11-01 00:00:00.000000', docstatus: 1 }
  docs.set(name, doc)
  return doc
}

/** The first of the ERP's words that mean the code. */
function ownValue({ values }: Mapped, field: string, cell: Cell): Cell {
  const words = values[field]
  return words ? (Object.keys(words).find((word) => words[word] === cell) ?? cell) : cell
}

function withTime(cell: Cell, kind: string | undefined): Cell {
  return kind === 'Datetime' && cell !== null ? `${cell} 08:00:00` : cell
}
