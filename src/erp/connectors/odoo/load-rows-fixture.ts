import type { Catalog, OdooMapping } from '#catalog'
import type { Cell, Row } from '../../query-answer.ts'
import { officeModels } from './odoo-office-models-fixture.ts'
import { fieldOf, modelOf, type SimModels, type SimRow, type SimValue } from './odoo-simulator-model-fixture.ts'

type Mapped = OdooMapping['entities'][string]
/** Values of a record, and of those that its relations lead to. */
type Nested = { [field: string]: SimValue | Nested }

/** What others refer to comes first, so that they find it. */
const masters = ['item', 'customer', 'vendor', 'employee']

/** Catalog rows as the records of an Odoo database that its mapping would read them from. Tests only. */
export function modelsOf({ mapping }: Catalog, tables: ReadonlyMap<string, Row[]>): SimModels {
  if (mapping.connector !== 'odoo') throw new Error('not the mapping of Odoo')
  const models = officeModels()
  for (const model of Object.values(models)) model.rows = []
  const places = new Map<string, string>()
  const entities = Object.entries(mapping.entities)
  const order = [...masters.flatMap((name) => entities.filter(([entity]) => entity === name)), ...entities]
  for (const [entity, mapped] of new Map(order))
    for (const row of tables.get(entity) ?? []) addRow(models, mapped.set, nest(models, mapped, row), places)
  return models
}

function nest(models: SimModels, mapped: Mapped, row: Row): Nested {
  const nested: Nested = {}
  for (const [path, operator, value] of mapped.where) {
    const one = Array.isArray(value) ? value[0] : value
    if (operator === '=' || operator === 'in') put(nested, path, one === false ? null : String(one))
    if (operator === '>') put(nested, path, '1')
  }
  for (const [field, written] of Object.entries(mapped.fields)) {
    const path = written.replace(/^-/, '')
    const own = ownValue(mapped, field, row[field] ?? null)
    put(nested, path, withTime(models, mapped.set, path, path === written ? own : negate(own)))
  }
  return nested
}

function put(nested: Nested, path: string, value: SimValue): void {
  const [head = '', ...rest] = path.split('.')
  if (rest.length === 0) {
    nested[head] = value
    return
  }
  const inner = (nested[head] ?? {}) as Nested
  nested[head] = inner
  put(inner, rest.join('.'), value)
}

function ownValue({ values }: Mapped, field: string, cell: Cell): SimValue {
  const words = values[field]
  const own = words ? (Object.keys(words).find((word) => words[word] === cell) ?? cell) : cell
  return own === null ? null : String(own)
}

const negate = (value: SimValue) => (value === null ? null : String(value).replace(/^-?/, (sign) => (sign ? '' : '-')))

/** Noon in Seoul, where the field is an instant. */
function withTime(models: SimModels, model: string, path: string, value: SimValue): SimValue {
  const [head = '', ...rest] = path.split('.')
  const field = fieldOf(models, model, head)
  if (rest.length > 0) return withTime(models, field.relation ?? '', rest.join('.'), value)
  return field.type === 'datetime' && value !== null ? `${value} 03:00:00` : value
}

/** Adds a record and whatever its relations lead to and is not there yet; the new record's id. */
function addRow(models: SimModels, name: string, nested: Nested, places: Map<string, string>): string {
  const model = modelOf(models, name)
  const values = Object.entries(nested).map(([field, value]): [string, SimValue] => {
    if (value === null || typeof value !== 'object') return [field, value]
    return [field, placeOf(models, fieldOf(models, name, field).relation ?? '', value, places)]
  })
  const id = String(model.rows.length + 1)
  const blank: SimRow = Object.fromEntries(Object.keys(model.fields).map((field) => [field, null]))
  const active: SimRow = model.fields.active ? { active: true } : {}
  model.rows.push({ ...blank, ...active, id, write_date: '2026-11-01 00:00:00', ...Object.fromEntries(values) })
  return id
}

/** The record that a relation leads to: one that has these values, or a new one; none where there is nothing to say of it. */
function placeOf(models: SimModels, name: string, nested: Nested, places: Map<string, string>): SimValue {
  if (Object.values(nested).every((value) => value === null)) return null
  const key = JSON.stringify([name, nested])
  const known = places.get(key) ?? findRow(models, name, nested, places)
  const id = known ?? addRow(models, name, nested, places)
  places.set(key, id)
  return id
}

function findRow(models: SimModels, name: string, nested: Nested, places: Map<string, string>): string | undefined {
  const wanted = Object.entries(nested).map(([field, value]): [string, SimValue] => {
    if (value === null || typeof value !== 'object') return [field, value]
    return [field, placeOf(models, fieldOf(models, name, field).relation ?? '', value, places)]
  })
  const found = modelOf(models, name).rows.find((row) => wanted.every(([field, value]) => row[field] === value))
  return found === undefined ? undefined : String(found.id)
}
