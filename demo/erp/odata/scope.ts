import type { EdmType } from '../model.ts'
import { badRequest } from './errors.ts'

/** SQL of a known type; `Null` is the literal null. */
export type TypedSql = { sql: string; type: EdmType | 'Null'; nullable: boolean }

/** A column of a relation: OData's name of it, and the SQL identifier, which is always one of ours. */
export type Column = { name: string; sql: string; type: EdmType; nullable: boolean }

/** The names an expression can use. */
export type Scope = {
  columns: readonly Column[]
  /** Throws a 400 that says what there is. */
  column: (name: string) => Column
}

export const sqlTypes: Record<EdmType, string> = {
  String: 'text',
  Date: 'date',
  Decimal: 'numeric',
  Int32: 'integer',
  Boolean: 'boolean',
}

/** `owner` says in messages whose columns these are: an entity set, or the result of `$apply`. */
export function createScope(columns: readonly Column[], owner: string): Scope {
  const byName = new Map(columns.map((column) => [column.name, column]))
  return {
    columns,
    column(name) {
      const found = byName.get(name)
      if (found) return found
      const known = columns.map((column) => column.name).join(', ')
      throw badRequest('UnknownProperty', `'${name.slice(0, 64)}' is not a property of ${owner}. It has: ${known}.`)
    },
  }
}

/** Collects the values of a statement; each `bind` gives the placeholder, cast to its type. */
export type SqlParams = {
  values: (string | string[])[]
  bind: (value: string, sqlType: string) => string
  bindList: (values: string[], sqlType: string) => string
}

/** An empty list of parameters for one statement. */
export function createParams(): SqlParams {
  const values: (string | string[])[] = []
  const push = (value: string | string[], type: string) => `$${values.push(value)}::${type}`
  return { values, bind: push, bindList: (list, type) => push(list, `${type}[]`) }
}
