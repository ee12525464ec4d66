import { invalidQuery } from '../../errors.ts'
import { writeText } from './write-literal.ts'

/** A property that is compared with a value of its own type; a text where the service does not say. */
type TypedProperty = { name: string; type: string | undefined; version: 2 | 4 }

const number = /^-?\d+(\.\d+)?$/
const numberTypes = ['Byte', 'SByte', 'Int16', 'Int32', 'Int64', 'Decimal', 'Double', 'Single']
/** What values of a type look like where literals are not quoted texts; a value that does not is none of the type. */
const bareValues: Record<string, RegExp> = {
  ...Object.fromEntries(numberTypes.map((type) => [`Edm.${type}`, number])),
  'Edm.Guid': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  'Edm.Boolean': /^(true|false)$/,
  'Edm.Date': /^\d{4}-\d\d-\d\d$/,
  'Edm.DateTimeOffset': /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/,
  'Edm.DateTime': /^\/Date\(-?\d{1,15}\)\/$/,
}

/** Version 2 says with a literal what type it is of. */
const version2: Record<string, (value: string) => string> = {
  'Edm.Int64': (value) => `${value}L`,
  'Edm.Decimal': (value) => `${value}m`,
  'Edm.Double': (value) => `${value}d`,
  'Edm.Single': (value) => `${value}f`,
  'Edm.Guid': (value) => `guid'${value}'`,
  'Edm.DateTimeOffset': (value) => `datetimeoffset'${value}'`,
  'Edm.DateTime': (value) => `datetime'${new Date(Number(/-?\d+/.exec(value)?.[0])).toISOString().slice(0, -1)}'`,
}

/** Whether a property of the type could hold the value. */
export function fits(type: string | undefined, value: string): boolean {
  return bareValues[type ?? '']?.test(value) ?? true
}

/** A comparison with a value as it came in a reply. Throws QUERY_INVALID for one that the property cannot hold. */
export function writeKeyTest(
  { name, type, version }: TypedProperty,
  operator: 'eq' | 'gt' | 'ge' | 'lt',
  value: string,
): string {
  if (!fits(type, value)) throw invalidQuery('key', `a value of ${type} was expected`)
  const bare = version === 2 ? (version2[type ?? ''] ?? String) : String
  return `${name} ${operator} ${bareValues[type ?? ''] ? bare(value) : writeText(value)}`
}
