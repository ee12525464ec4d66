import type { EdmType } from '../model.ts'
import { badRequest } from './errors.ts'
import { compileCall } from './function-sql.ts'
import type { Comparison, Expression, Literal } from './parse-filter.ts'
import { type Scope, type SqlParams, sqlTypes, type TypedSql } from './scope.ts'

const operators: Record<Comparison, string> = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' }
const numeric: readonly string[] = ['Int32', 'Decimal']

/** An expression as a SQL condition. Throws a 400 when it is not Boolean, or compares what cannot be compared. */
export function compileCondition(expression: Expression, scope: Scope, params: SqlParams): string {
  const compiled = compileExpression(expression, scope, params)
  if (compiled.type !== 'Boolean') {
    throw badRequest('TypeMismatch', `A condition is needed, but ${describe(expression)} is Edm.${compiled.type}.`)
  }
  return compiled.sql
}

/** An expression as typed SQL. Values only ever become parameters; column names come from the scope. */
export function compileExpression(expression: Expression, scope: Scope, params: SqlParams): TypedSql {
  switch (expression.kind) {
    case 'literal':
      return compileLiteral(expression, undefined, params)
    case 'property':
      return scope.column(expression.name)
    case 'call':
      return compileCall(
        expression.name,
        expression.parts.map((part) => compileExpression(part, scope, params)),
      )
    case 'not':
      return boolean(`not ${compileCondition(expression.operand, scope, params)}`)
    case 'logic': {
      const parts = expression.parts.map((part) => compileCondition(part, scope, params))
      return boolean(parts.join(` ${expression.operator} `))
    }
    case 'in':
      return compileIn(expression, scope, params)
    case 'compare':
      return compileComparison(expression, scope, params)
  }
}

const boolean = (sql: string): TypedSql => ({ sql: `(${sql})`, type: 'Boolean', nullable: false })

/** In OData a comparison with an absent value is false, not unknown, and its `not` is true. */
const test = (sql: string, isNullable: boolean): TypedSql => boolean(isNullable ? `(${sql}) is true` : sql)

function compileComparison(
  { operator, left, right }: Extract<Expression, { kind: 'compare' }>,
  scope: Scope,
  params: SqlParams,
): TypedSql {
  const [a, b] = compileOperands(left, right, scope, params)
  if (a.type === 'Null' || b.type === 'Null') return compareWithNull(operator, a, b)
  if (a.type !== b.type && !(numeric.includes(a.type) && numeric.includes(b.type))) {
    throw badRequest(
      'TypeMismatch',
      `Cannot compare ${describe(left)} (Edm.${a.type}) with ${describe(right)} (Edm.${b.type}).`,
    )
  }
  if (a.type === 'Boolean' && operator !== 'eq' && operator !== 'ne') {
    throw badRequest('TypeMismatch', `Booleans can be compared with eq and ne, not with ${operator}.`)
  }
  // In OData null equals null and differs from every value; a plain '=' keeps indexes usable where a side is a value.
  if (operator === 'ne') return boolean(`${a.sql} is distinct from ${b.sql}`)
  const isBetweenProperties = left.kind !== 'literal' && right.kind !== 'literal'
  if (operator === 'eq' && isBetweenProperties) return boolean(`${a.sql} is not distinct from ${b.sql}`)
  return test(`${a.sql} ${operators[operator]} ${b.sql}`, a.nullable || b.nullable)
}

/** A literal takes the type of what it is compared with, so that `LineId eq 5` can use the key's index. */
function compileOperands(left: Expression, right: Expression, scope: Scope, params: SqlParams): [TypedSql, TypedSql] {
  if (left.kind === 'literal' && right.kind !== 'literal') {
    const b = compileExpression(right, scope, params)
    return [compileLiteral(left, b.type, params), b]
  }
  const a = compileExpression(left, scope, params)
  return [a, right.kind === 'literal' ? compileLiteral(right, a.type, params) : compileExpression(right, scope, params)]
}

function compareWithNull(operator: Comparison, a: TypedSql, b: TypedSql): TypedSql {
  const value = a.type === 'Null' ? b : a
  // Every parameter must stay in the statement, also where the outcome is known.
  if (operator !== 'eq' && operator !== 'ne') return boolean(`${value.sql} is null and false`)
  return boolean(`${value.sql} is ${operator === 'eq' ? '' : 'not '}null`)
}

function compileIn(
  { operand, values }: Extract<Expression, { kind: 'in' }>,
  scope: Scope,
  params: SqlParams,
): TypedSql {
  const left = compileExpression(operand, scope, params)
  const family = numeric.includes(left.type) ? 'Decimal' : left.type
  const odd = values.find((value) => value.type !== family)
  if (odd) {
    throw badRequest(
      'TypeMismatch',
      `Cannot look for ${describe(odd)} in a list for ${describe(operand)} (Edm.${left.type}).`,
    )
  }
  const type: EdmType = family === 'Null' ? 'String' : family
  const list = params.bindList(
    values.map((value) => value.value),
    sqlTypes[type],
  )
  return test(`${left.sql} = any(${list})`, left.nullable)
}

const int32 = /^-?\d{1,9}$/

function compileLiteral(literal: Literal, beside: string | undefined, params: SqlParams): TypedSql {
  if (literal.type === 'Null') return { sql: 'null', type: 'Null', nullable: true }
  const type: EdmType =
    beside === 'Int32' && literal.type === 'Decimal' && int32.test(literal.value) ? 'Int32' : literal.type
  return { sql: params.bind(literal.value, sqlTypes[type]), type, nullable: false }
}

function describe(expression: Expression): string {
  switch (expression.kind) {
    case 'property':
      return `'${expression.name}'`
    case 'call':
      return `'${expression.name}(…)'`
    case 'literal':
      return expression.type === 'Null' ? 'null' : `the value ${expression.value.slice(0, 40)}`
    default:
      return 'the expression'
  }
}
