import type { EdmType } from '../model.ts'
import { badRequest, notImplemented } from './errors.ts'
import type { TypedSql } from './scope.ts'

type FunctionSpec = { takes: EdmType[]; gives: EdmType; sql: (...parts: string[]) => string }

/** No LIKE: what a person types is never a pattern. */
const functions: Record<string, FunctionSpec> = {
  contains: { takes: ['String', 'String'], gives: 'Boolean', sql: (a, b) => `strpos(${a}, ${b}) > 0` },
  startswith: { takes: ['String', 'String'], gives: 'Boolean', sql: (a, b) => `starts_with(${a}, ${b})` },
  endswith: { takes: ['String', 'String'], gives: 'Boolean', sql: (a, b) => `right(${a}, length(${b})) = ${b}` },
  tolower: { takes: ['String'], gives: 'String', sql: (a) => `lower(${a} collate pg_c_utf8)` },
  toupper: { takes: ['String'], gives: 'String', sql: (a) => `upper(${a} collate pg_c_utf8)` },
  trim: { takes: ['String'], gives: 'String', sql: (a) => `btrim(${a})` },
  length: { takes: ['String'], gives: 'Int32', sql: (a) => `length(${a})` },
  year: { takes: ['Date'], gives: 'Int32', sql: (a) => `extract(year from ${a})::integer` },
  month: { takes: ['Date'], gives: 'Int32', sql: (a) => `extract(month from ${a})::integer` },
  day: { takes: ['Date'], gives: 'Int32', sql: (a) => `extract(day from ${a})::integer` },
}

const others =
  'concat indexof substring matchesPattern hour minute second fractionalseconds date time now round floor ceiling'.split(
    ' ',
  )

/** The names of the functions served, as `$metadata` lists them. */
export const functionNames = Object.keys(functions)

/** A function call as SQL. Throws a 400 for one that OData does not have or that is called wrongly, 501 for one not done here. */
export function compileCall(name: string, parts: TypedSql[]): TypedSql {
  const spec = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (!spec) {
    if (others.includes(name)) throw notImplemented(`The function '${name}' is not implemented.`)
    throw badRequest(
      'UnknownFunction',
      `There is no function '${name.slice(0, 64)}'. Known: ${functionNames.join(', ')}.`,
    )
  }
  const fits = parts.length === spec.takes.length && parts.every((part, i) => part.type === spec.takes[i])
  if (!fits) {
    const wanted = spec.takes.map((type) => `Edm.${type}`).join(', ')
    const given = parts.map((part) => (part.type === 'Null' ? 'null' : `Edm.${part.type}`)).join(', ')
    throw badRequest('TypeMismatch', `${name} takes (${wanted}), not (${given}).`)
  }
  return {
    sql: `(${spec.sql(...parts.map((part) => part.sql))})`,
    type: spec.gives,
    nullable: parts.some((part) => part.nullable),
  }
}
