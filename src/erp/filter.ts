import type { Operator } from '#catalog'

export type Comparison = Exclude<Operator, 'in' | 'contains'>

/** A value of a known kind. Numbers and dates are checked texts; a text is data whatever it contains. */
export type Literal = { type: 'text' | 'date' | 'number'; value: string }

/** A condition on records, in catalog fields. Connectors translate it; nothing a user typed is syntax in it. */
export type Filter =
  | { is: 'every'; of: Filter[] }
  | { is: 'some'; of: Filter[] }
  | { is: 'comparison'; field: string; operator: Comparison; right: Literal | { field: string } }
  | { is: 'contains'; field: string; text: string }

/** All of the filters at once, without needless nesting. Of none: every record. */
export function every(filters: Filter[]): Filter {
  const flat = filters.flatMap((filter) => (filter.is === 'every' ? filter.of : [filter]))
  return flat.length === 1 && flat[0] ? flat[0] : { is: 'every', of: flat }
}

/** At least one of the filters. Of none: no record. */
export function some(filters: Filter[]): Filter {
  return filters.length === 1 && filters[0] ? filters[0] : { is: 'some', of: filters }
}

/** Whether no record can pass: a reader with no row rule at all. Such a filter never reaches an ERP. */
export function isNever(filter: Filter): boolean {
  if (filter.is === 'some') return filter.of.every(isNever)
  return filter.is === 'every' && filter.of.some(isNever)
}
