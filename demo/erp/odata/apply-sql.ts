import type { EdmType, EntitySet } from '../model.ts'
import { badRequest } from './errors.ts'
import { compileCondition, compileExpression } from './filter-sql.ts'
import type { Aggregate, AggregateMethod, Transformation } from './parse-apply.ts'
import { type Column, createScope, type Scope, type SqlParams } from './scope.ts'

/** Rows as a FROM item, its columns, and those that together tell rows apart (none: there is one row). */
export type Relation = { from: string; scope: Scope; keys: Column[] }

/** The relation of a whole entity set. */
export function relationOf(set: EntitySet): Relation {
  const scope = createScope(
    set.properties.map(({ name, column, type, nullable = false }) => ({ name, sql: column, type, nullable })),
    set.name,
  )
  return { from: `odata.${set.view}`, scope, keys: set.key.map((name) => scope.column(name)) }
}

/** Runs `$apply` step by step over a relation. Aliases become columns `a0`, `a1`, … so no text of the caller is in the SQL. */
export function applyTransformations(start: Relation, steps: Transformation[], params: SqlParams): Relation {
  let made = 0
  const newColumn: NewColumn = (name, type, nullable) => ({ name, sql: `a${made++}`, type, nullable })
  return steps.reduce((relation, step) => applyOne(relation, step, params, newColumn), start)
}

type NewColumn = (name: string, type: EdmType, nullable: boolean) => Column

function applyOne(relation: Relation, step: Transformation, params: SqlParams, newColumn: NewColumn): Relation {
  const { scope } = relation
  switch (step.kind) {
    case 'filter': {
      const condition = compileCondition(step.condition, scope, params)
      return { ...relation, from: `(select * from ${relation.from} where ${condition}) s` }
    }
    case 'compute': {
      const added = step.columns.map(({ expression, alias }) => {
        const { sql, type, nullable } = compileExpression(expression, scope, params)
        if (type === 'Null') throw badRequest('TypeMismatch', `compute: '${alias}' would always be null.`)
        return { sql, column: newColumn(alias, type, nullable) }
      })
      const columns = uniqueColumns([...scope.columns, ...added.map(({ column }) => column)])
      const list = added.map(({ sql, column }) => `${sql} as ${column.sql}`).join(', ')
      return { ...relation, from: `(select *, ${list} from ${relation.from}) s`, scope: createScope(columns, '$apply') }
    }
    case 'groupby':
      return groupRows(
        relation,
        step.by.map((name) => scope.column(name)),
        step.aggregates,
        newColumn,
      )
    case 'aggregate':
      return groupRows(relation, [], step.aggregates, newColumn)
  }
}

function groupRows(relation: Relation, by: Column[], aggregates: Aggregate[], newColumn: NewColumn): Relation {
  const made = aggregates.map((aggregate) => compileAggregate(aggregate, relation.scope, newColumn))
  const columns = uniqueColumns([...by, ...made.map(({ column }) => column)])
  const list = [...by.map(({ sql }) => sql), ...made.map(({ sql, column }) => `${sql} as ${column.sql}`)].join(', ')
  const grouping = by.length > 0 ? ` group by ${by.map(({ sql }) => sql).join(', ')}` : ''
  return {
    from: `(select ${list} from ${relation.from}${grouping}) s`,
    scope: createScope(columns, 'the result of $apply'),
    keys: by,
  }
}

const aggregateSql: Record<AggregateMethod, (sql: string) => string> = {
  sum: (sql) => `sum(${sql}::numeric)`,
  min: (sql) => `min(${sql})`,
  max: (sql) => `max(${sql})`,
  average: (sql) => `avg(${sql}::numeric)`,
  countdistinct: (sql) => `count(distinct ${sql})`,
}

function compileAggregate(aggregate: Aggregate, scope: Scope, newColumn: NewColumn): { sql: string; column: Column } {
  // Counts are Edm.Decimal with scale 0, as the aggregation extension has it.
  if (aggregate.method === 'count') return { sql: 'count(*)', column: newColumn(aggregate.alias, 'Decimal', false) }
  const { method, alias } = aggregate
  const column = scope.column(aggregate.property)
  const isNumber = column.type === 'Decimal' || column.type === 'Int32'
  if ((method === 'sum' || method === 'average') && !isNumber) {
    throw badRequest('TypeMismatch', `${method} needs a number, but '${column.name}' is Edm.${column.type}.`)
  }
  if ((method === 'min' || method === 'max') && column.type === 'Boolean') {
    throw badRequest('TypeMismatch', `${method} cannot be taken of '${column.name}', which is Edm.Boolean.`)
  }
  const sql = aggregateSql[method](column.sql)
  if (method === 'min' || method === 'max') return { sql, column: newColumn(alias, column.type, true) }
  return { sql, column: newColumn(alias, 'Decimal', method !== 'countdistinct') }
}

function uniqueColumns(columns: Column[]): Column[] {
  const seen = new Set<string>()
  for (const { name } of columns) {
    if (seen.has(name)) throw badRequest('DuplicateName', `$apply: '${name}' is there twice.`)
    seen.add(name)
  }
  return columns
}
