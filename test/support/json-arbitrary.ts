import fc from 'fast-check'

/** The part of JSON Schema (2020-12) that the API document uses. */
export type JsonSchema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  propertyNames?: JsonSchema
  items?: JsonSchema
  prefixItems?: JsonSchema[]
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  format?: string
  pattern?: string
}

/** Values that fit `schema`, as far as its words are known here; `find` follows a `$ref`. */
export function arbitraryOf(schema: JsonSchema, find: (ref: string) => JsonSchema): fc.Arbitrary<unknown> {
  const of = (part: JsonSchema) => arbitraryOf(part, find)
  if (schema.$ref) return of(find(schema.$ref))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map(of))
  if (schema.allOf) return fc.tuple(...schema.allOf.map(of)).map((parts) => Object.assign({}, ...parts))
  switch ([schema.type].flat()[0]) {
    case 'string':
      return stringOf(schema)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1_000, max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1) })
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return schema.prefixItems
        ? fc.tuple(...schema.prefixItems.map(of))
        : fc.array(of(schema.items ?? {}), {
            minLength: schema.minItems ?? 0,
            maxLength: Math.min(schema.maxItems ?? 4, 4),
          })
    case 'object':
      return objectOf(schema, of)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objectOf(schema: JsonSchema, of: (part: JsonSchema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema
  const known = fc.record(Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, of(part)])), {
    requiredKeys: required.filter((name) => name in properties),
  })
  if (typeof additionalProperties !== 'object') return known
  const names = propertyNames ? of(propertyNames).map(String) : fc.string({ minLength: 1, maxLength: 10 })
  const more = fc.dictionary(names, of(additionalProperties), { maxKeys: 3 })
  return fc.tuple(more, known).map((parts) => Object.assign({}, ...parts))
}

const formats: Record<string, fc.Arbitrary<string>> = {
  uuid: fc.uuid(),
  'date-time': fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
    .map((at) => at.toISOString()),
  date: fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
    .map((at) => at.toISOString().slice(0, 10)),
  email: fc.emailAddress(),
  uri: fc.webUrl(),
  ipv4: fc.ipV4(),
  ipv6: fc.ipV6(),
}

function stringOf({ format, pattern, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  const known = format === undefined ? undefined : formats[format]
  if (known) return known
  const bounds = { minLength, maxLength: Math.min(maxLength, Math.max(minLength, 40)) }
  const plain = fc.oneof(fc.string(bounds), fc.string({ ...bounds, unit: 'grapheme' }))
  if (pattern === undefined) return plain
  try {
    return fc.stringMatching(new RegExp(pattern))
  } catch {
    // Not every regular expression can be run backwards.
    return plain
  }
}
