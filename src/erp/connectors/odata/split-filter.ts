import { every, type Filter, isNever } from '../../filter.ts'
import { holds } from '../../holds.ts'
import { isDirect, locate, type MappedSet } from './mapped-set.ts'
import type { NameTables } from './name-tables.ts'
import { type Property, writeComparison, writeScalar, writeText } from './write-literal.ts'

/**
 * A filter as far as the ERP tests it, and what is to be tested here. What is sent may let more records pass than the filter,
 * never fewer: `rest` tells them apart. `isNever`: no record can pass.
 */
export type SplitFilter = { sent: string | undefined; rest: Filter; isNever: boolean }

/** More keys than this are not sent one by one: their records are read and tested here. */
const mostKeys = 40

type Scope = { mapped: MappedSet; tables: NameTables }
/** A condition in the ERP's words. `property`: the only one it names. `isExact`: it lets nothing else pass. */
type Written = { text: string; property: string | undefined; isExact: boolean; isNever?: boolean }
type Leaf = Exclude<Filter, { of: Filter[] }>

/** Splits a filter by what the ERP's dialect can say. `where` is the mapping's own, in the ERP's words. */
export function splitFilter(filter: Filter, scope: Scope, where: string[]): SplitFilter {
  const sent = [...where]
  const rest: Filter[] = []
  let nothing = isNever(filter)
  for (const part of filter.is === 'every' ? filter.of : [filter]) {
    const written = write(part, scope)
    if (written) sent.push(written.text)
    if (!written?.isExact) rest.push(part)
    if (written?.isNever) nothing = true
  }
  const texts = sent.filter((text) => text !== '')
  return { sent: texts.length > 0 ? texts.join(' and ') : undefined, rest: every(rest), isNever: nothing }
}

/** Whether records pass what is sent that do not pass the filter. */
export function needsTest({ rest }: SplitFilter): boolean {
  return rest.is !== 'every' || rest.of.length > 0
}

/** A mapping's own conditions in the ERP's words. */
export function writeWhere(
  where: MappedSet['where'],
  { types, dialect }: Pick<MappedSet, 'types' | 'dialect'>,
): string[] {
  return where.map(([name, operator, value]) => {
    const property = { text: name, type: types[name], dialect }
    if (!Array.isArray(value)) return `${name} ${operator === 'in' ? 'eq' : operator} ${writeScalar(property, value)}`
    return `(${value.map((one) => `${name} eq ${writeScalar(property, one)}`).join(' or ')})`
  })
}

/** The condition in the ERP's words; undefined for what it cannot test. */
function write(filter: Filter, scope: Scope): Written | undefined {
  if (filter.is === 'every') return writeEvery(filter.of, scope)
  if (filter.is === 'some') return writeSome(filter.of, scope)
  return writeLeaf(filter, scope)
}

function writeEvery(parts: Filter[], scope: Scope): Written | undefined {
  const written = parts.map((part) => write(part, scope))
  if (!written.every((part) => part !== undefined)) return undefined
  return {
    text: written.flatMap(({ text }) => text || []).join(' and '),
    property: written.every(({ property }) => property === written[0]?.property) ? written[0]?.property : undefined,
    isExact: written.every(({ isExact }) => isExact),
    isNever: written.some((part) => part.isNever),
  }
}

/** Alternatives, which must all be sayable: one that is not could be the one that holds. */
function writeSome(parts: Filter[], scope: Scope): Written | undefined {
  const written = parts.filter((part) => !isNever(part)).map((part) => write(part, scope))
  if (!written.every((part) => part !== undefined)) return undefined
  const possible = written.filter((part) => !part.isNever)
  if (possible.length === 0) return nothing
  // An alternative that everything passes makes the choice no condition at all.
  const isExact = possible.every((part) => part.isExact)
  if (possible.some(({ text }) => text === '')) return { text: '', property: undefined, isExact }
  const [first] = possible
  const isOne = possible.every(({ property }) => property !== undefined && property === first?.property)
  if (scope.mapped.dialect.alternatives === 'one property' && !isOne) return undefined
  return {
    text: `(${possible.map(({ text }) => text).join(' or ')})`,
    property: isOne ? first?.property : undefined,
    isExact,
  }
}

const nothing: Written = { text: '', property: undefined, isExact: true, isNever: true }

function writeLeaf(filter: Leaf, scope: Scope): Written | undefined {
  const { mapped } = scope
  if (Object.hasOwn(mapped.names, filter.field)) return writeNamed(filter, scope)
  if (!isDirect(mapped, filter.field)) return undefined
  const property = propertyOf(mapped, filter.field)
  if (filter.is === 'contains') return writeContains(property, filter.text)
  const { operator, right } = filter
  if ('field' in right) {
    const other = locate(mapped, right.field)
    if (!mapped.dialect.fieldToField || !isDirect(mapped, right.field)) return undefined
    return { text: `${property.text} ${operatorWord[operator]} ${other.text}`, property: undefined, isExact: true }
  }
  const isText = right.type === 'text'
  // A missing text is stored as an empty one, which is not what was asked for.
  if (isText && right.value === '' && mapped.dialect.emptyText) return undefined
  // Of a text that could be read as a pattern the ERP finds at least itself; what else it finds is told apart here.
  const isReserved = isText && mapped.dialect.reserved?.test(right.value)
  if (isReserved && operator !== 'eq') return undefined
  const text = writeComparison(property, operator, right)
  return text === undefined ? undefined : { text, property: property.text, isExact: !isReserved }
}

const operatorWord = { eq: 'eq', ne: 'ne', lt: 'lt', lte: 'le', gt: 'gt', gte: 'ge' } as const

function propertyOf(mapped: MappedSet, field: string): Property {
  const { text } = locate(mapped, field)
  return { text, type: mapped.types[text], dialect: mapped.dialect }
}

function writeContains(property: Property, text: string): Written | undefined {
  const { contains, reserved } = property.dialect
  if (property.type !== undefined || reserved?.test(text)) return undefined
  const written = {
    contains: `contains(${property.text},${writeText(text)})`,
    substringof: `substringof(${writeText(text)},${property.text})`,
    wildcard: `${property.text} eq ${writeText(`*${text}*`)}`,
  }
  return { text: written[contains], property: property.text, isExact: true }
}

/** A condition on a name, as one on the keys that have such a name. */
function writeNamed(filter: Leaf, { mapped, tables }: Scope): Written | undefined {
  const place = locate(mapped, filter.field)
  const isReached = !place.inLines && (place.path.length === 1 || mapped.dialect.pathConditions)
  if (!isReached || (filter.is === 'comparison' && 'field' in filter.right)) return undefined
  const isNot = filter.is === 'comparison' && filter.operator === 'ne'
  // Of what is not the name, the few keys that are it are left out.
  const wanted: Filter = isNot ? { ...filter, operator: 'eq' } : filter
  const keys = [...tables.namesOf(filter.field)].flatMap(([key, name]) =>
    holds(wanted, { [filter.field]: name }) ? [key] : [],
  )
  if (keys.length > mostKeys) return undefined
  if (keys.length === 0) return isNot ? { ...nothing, isNever: false } : nothing
  const tests = keys.map((key) => `${place.text} ${isNot ? 'ne' : 'eq'} ${writeText(key)}`)
  const [only] = tests
  const text = tests.length === 1 && only ? only : isNot ? tests.join(' and ') : `(${tests.join(' or ')})`
  return { text, property: place.text, isExact: true }
}
