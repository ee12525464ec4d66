/**
 * Part of a simulator of Odoo 19's JSON-2 API, for tests only: the models it holds and what a field of theirs reads as. It
 * follows what Odoo's documentation and public source say; it is no Odoo.
 */
export type SimField = {
  type: 'char' | 'selection' | 'integer' | 'float' | 'monetary' | 'boolean' | 'date' | 'datetime' | 'many2one'
  relation?: string
  /** Worked out on reading: neither searched, ordered nor grouped by. */
  stored?: false
}
/** Numbers and ids are texts of their digits, dates and instants (UTC) texts as Odoo writes them; null is nothing. */
export type SimValue = string | boolean | null
export type SimRow = Record<string, SimValue>
export type SimModel = {
  fields: Record<string, SimField>
  rows: SimRow[]
  /** What `search_read` orders by when nothing is said: seldom without ties. */
  order?: string
  /** The field that `display_name` is made of, and how. */
  displayName?: (row: SimRow) => string
  forbidden?: boolean
}
export type SimModels = Record<string, SimModel>

const instant: SimField = { type: 'datetime' }
/** Types of fields by short names, for writing models. */
export const simTypes = {
  text: { type: 'char' },
  money: { type: 'monetary' },
  amount: { type: 'float' },
  whole: { type: 'integer' },
  choice: { type: 'selection' },
  date: { type: 'date' },
  instant,
  flag: { type: 'boolean' },
  logged: { write_date: instant },
  to: (relation: string): SimField => ({ type: 'many2one', relation }),
} as const satisfies Record<string, unknown>

/** Rows of a model: ids from 1, the rest in columns; a row that is too short has nothing there. */
export function rowsOf(names: string[], lists: SimValue[][]): SimRow[] {
  return lists.map((list, index) => ({
    id: String(index + 1),
    write_date: '2026-11-01 00:00:00',
    ...Object.fromEntries(names.map((name, i) => [name, list[i] ?? null])),
  }))
}

/** An exception of the server: its status, its class, and a message that quotes more than anyone should see. */
export class SimError extends Error {
  override readonly name = 'SimError'
  readonly status: number
  readonly className: string

  constructor(status: number, className: string, message: string) {
    super(message)
    this.status = status
    this.className = className
  }
}

export const valueError = (message: string): SimError => new SimError(500, 'builtins.ValueError', message)

const idField: SimField = { type: 'integer' }

export function modelOf(models: SimModels, name: string): SimModel {
  const model = models[name]
  if (!model) throw new SimError(404, 'werkzeug.exceptions.NotFound', `the model '${name}' does not exist`)
  if (model.forbidden) throw new SimError(403, 'odoo.exceptions.AccessError', `You are not allowed to access ${name}`)
  return model
}

export function fieldOf(models: SimModels, modelName: string, name: string): SimField {
  const field = name === 'id' ? idField : modelOf(models, modelName).fields[name]
  if (!field) throw valueError(`Invalid field '${name}' on model '${modelName}'`)
  return field
}

export type Step = { row: SimRow | undefined; model: string; field: SimField; name: string }

/** Follows a path of relations to the row and field at its end; no row where a relation is empty. */
export function follow(models: SimModels, modelName: string, row: SimRow | undefined, path: string): Step {
  const [name = '', ...rest] = path.split('.')
  const field = fieldOf(models, modelName, name)
  if (rest.length === 0) return { row, model: modelName, field, name }
  if (field.type !== 'many2one' || !field.relation) throw valueError(`Only many2one path is accepted for '${path}'`)
  const id = row?.[name] ?? null
  const next = id === null ? undefined : modelOf(models, field.relation).rows.find((other) => other.id === id)
  return follow(models, field.relation, next, rest.join('.'))
}

export function displayName(models: SimModels, modelName: string, id: SimValue): string {
  const model = models[modelName]
  const row = model?.rows.find((other) => other.id === id)
  return row ? (model?.displayName?.(row) ?? String(row.name)) : ''
}

const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }

/** A value as `read` gives it: `false` for nothing, 0 for a number that is not there, a relation with its name or bare. */
export function readAs(models: SimModels, field: SimField, value: SimValue, load: unknown): unknown {
  if (field.type === 'boolean') return value === true
  if (field.type === 'integer') return rawJSON(String(value ?? 0))
  if (field.type === 'float' || field.type === 'monetary') return writeFloat(String(value ?? 0))
  if (value === null) return false
  if (field.type !== 'many2one') return value
  const id = rawJSON(String(value))
  return load === '' || load === null ? id : [id, displayName(models, field.relation ?? '', value)]
}

/** A float as Python writes it: always with a point. */
export function writeFloat(text: string): unknown {
  return rawJSON(/[.eE]/.test(text) ? text : `${text}.0`)
}

export function isNumber({ type }: SimField): boolean {
  return type === 'integer' || type === 'float' || type === 'monetary'
}
