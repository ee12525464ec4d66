import fc from 'fast-check'
import { type ApiDocument, fillPath, type Operation } from './api-document.ts'
import { arbitraryOf, type JsonSchema } from './json-arbitrary.ts'
import type { RawRequest } from './send-raw.ts'

type Headers = Record<string, string>

/** Texts that have broken somebody's program before. */
const nastyTexts = [
  ...['', ' ', '\u0000', '\ud800', '\udc00x', '\ufeff', '\u202e', '‱', '👩‍👩‍👧‍👦', 'ﷺ'.repeat(50), 'a'.repeat(5_000)],
  ...[
    "'; drop table turns; --",
    '" or ""="',
    '%',
    '_',
    '\\',
    '#{7*7}',
    '{{7*7}}',
    '<script>alert(1)</script>',
    '$where',
  ],
  ...[
    '../../../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '/etc/passwd',
    'C:\\boot.ini',
    'file:///etc/passwd',
    '|id',
    '$(id)',
  ],
  ...[
    'null',
    'undefined',
    'NaN',
    '1e999',
    '-0',
    '9'.repeat(400),
    '0x10',
    'true',
    '[]',
    '{}',
    '__proto__',
    'constructor',
  ],
  ...['2026-02-30', '0000-00-00', '+275760-09-13T00:00:00.001Z', '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11'],
  'a\u0000b',
]

export const nastyText = fc.oneof(
  fc.constantFrom(...nastyTexts),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
)

export const nastyJson = fc.oneof(
  fc.jsonValue(),
  nastyText,
  fc.constantFrom<unknown>(
    {},
    [],
    null,
    0,
    -1,
    1e308,
    { ['__proto__']: { admin: true } },
    { constructor: { prototype: 1 } },
  ),
  fc.integer({ min: 1, max: 60 }).map((depth) => nest(depth)),
)

/** Bodies that are not what their type says. */
const rawBody = fc.oneof(
  nastyJson.map((value) => JSON.stringify(value) ?? ''),
  nastyText,
  fc.constantFrom(
    '{',
    '{"a":1,}',
    '{"a":1}{"a":2}',
    '"\\ud800"',
    '{"__proto__":{"x":1}}',
    '{"a":1,"a":2}',
    '\ufeff{}',
    '[1,2',
  ),
  fc.constant(`{"text":"${'x'.repeat(70_000)}"}`),
  fc.integer({ min: 1, max: 3_000 }).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`),
)

const contentType = fc.constantFrom(
  ...[
    'application/json',
    'application/json; charset=utf-8',
    'application/json; charset=latin1',
    'text/plain',
    'text/xml',
    '',
  ],
  ...[
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/cloudevents+json',
    'x/y;;',
    'json',
  ],
)

/** Header values may not hold what would end the line. */
const headerText = nastyText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 500) || 'x')
const oddHeaders: fc.Arbitrary<Headers> = fc.record(
  {
    accept: fc.constantFrom('*/*', 'text/html', 'image/png;q=0', ',,,'),
    'accept-language': fc.oneof(headerText, fc.constantFrom('en', 'ko;q=x', '*;q=0', 'en-'.repeat(90))),
    cookie: headerText.map((text) => `access=${text}; refresh=${text}; __Host-access=${text}`),
    origin: fc.constantFrom('null', 'http://evil.example', 'x'),
    referer: headerText,
    traceparent: fc.oneof(headerText, fc.constant(`00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`)),
    'x-forwarded-for': fc.constantFrom('1.2.3.4', 'x', '::1, ,'),
    'x-api-key': headerText,
    'if-none-match': headerText,
    range: fc.constantFrom('bytes=0-1', 'bytes=9-1', 'x'),
    'user-agent': headerText,
  },
  { requiredKeys: [] },
)

type Fields = Record<string, unknown>
/** What is wrong with a request; one thing at a time gets past the checks of all the others. */
type Flaw = 'param' | 'query' | 'unknown query' | 'body part' | 'body' | 'type' | 'headers' | 'caller'
const flaws: Flaw[] = ['param', 'query', 'unknown query', 'body part', 'body', 'type', 'headers', 'caller']

/**
 * Requests of `operation`: as its schemas have it, with one flaw, or with several. `signedIn` carries the headers of a person who may.
 */
export function requestsOf(
  operation: Operation,
  { find }: Pick<ApiDocument, 'find'>,
  signedIn: Headers,
): fc.Arbitrary<RawRequest> {
  const { method, parameters } = operation
  const names = parameters.map(({ name }) => name)
  const good = fittingOf(operation, find)
  const bad = fc.record({
    name: fc.constantFrom(...names, 'x'),
    text: nastyText,
    part: fc.tuple(fc.nat(20), nastyJson),
    unknown: fc.dictionary(fc.constantFrom('a', 'limit', '__proto__[x]', 'format', 'after'), nastyText, { maxKeys: 2 }),
    raw: rawBody,
    type: contentType,
    headers: oddHeaders,
    caller: fc.constantFrom<Headers>({}, { authorization: 'Bearer x' }, { authorization: '%' }),
  })
  const chosen = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Flaw[]>([]) },
    { weight: 6, arbitrary: fc.constantFrom(...flaws).map((flaw) => [flaw]) },
    { weight: 1, arbitrary: fc.subarray(flaws, { minLength: 2 }) },
  )
  return fc.tuple(good, bad, chosen).map(([{ params, query, sent }, wrong, flawed]) => {
    const has = (flaw: Flaw) => flawed.includes(flaw)
    const asked = {
      ...query,
      ...(has('query') && isOf('query', wrong.name) && { [wrong.name]: wrong.text }),
      ...(has('unknown query') && wrong.unknown),
    }
    const named: Fields = { ...params, ...(has('param') && isOf('path', wrong.name) && { [wrong.name]: wrong.text }) }
    const said = has('body part') ? breakPart(sent, ...wrong.part) : sent
    const text = has('body') && method !== 'GET' ? wrong.raw : writeBody(operation, said)
    const type = has('type') ? wrong.type : operation.bodyType
    const headers = { ...(has('headers') && wrong.headers), ...(has('caller') ? wrong.caller : signedIn) }
    return writeRequest(operation, { params: named, query: asked, text, type, headers })
  })

  function isOf(place: 'path' | 'query', name: string): boolean {
    return parameters.some((one) => one.in === place && one.name === name)
  }
}

/** Every hostile text at every parameter and every top-level field of the body, the rest of the request as it should be. */
export function sweepOf(
  operation: Operation,
  { find }: Pick<ApiDocument, 'find'>,
  { signedIn, seed }: { signedIn: Headers; seed: number },
): RawRequest[] {
  const { parameters, body } = operation
  const requests: RawRequest[] = []
  const [fitting] = fc.sample(fittingOf(operation, find), { seed, numRuns: 1 })
  const { params, sent } = fitting as Fitting
  const add = (change: { params?: Fields; query?: Fields; sent?: unknown }) => {
    const { sent: said, ...fields } = { params, query: {}, sent, ...change }
    const text = writeBody(operation, said)
    requests.push(writeRequest(operation, { ...fields, text, type: operation.bodyType, headers: signedIn }))
  }
  for (const text of nastyTexts) {
    for (const { name, in: place } of parameters) {
      if (place === 'path') add({ params: { ...params, [name]: text } })
      if (place === 'query') add({ query: { [name]: text } })
    }
    for (const name of Object.keys(propertiesOf(body, find))) add({ sent: { ...(sent as Fields), [name]: text } })
  }
  return requests
}

function propertiesOf(body: JsonSchema | undefined, find: (ref: string) => JsonSchema): Record<string, JsonSchema> {
  if (!body) return {}
  if (body.$ref) return propertiesOf(find(body.$ref), find)
  return body.properties ?? Object.assign({}, ...(body.anyOf ?? []).map((part) => propertiesOf(part, find)))
}

type Fitting = { params: Fields; query: Fields; sent: unknown }

/** The parts of a request as the schemas of `operation` have them. */
function fittingOf({ parameters, body }: Operation, find: (ref: string) => JsonSchema): fc.Arbitrary<Fitting> {
  const fields = (place: 'path' | 'query') => {
    const named = parameters.filter((one) => one.in === place)
    const values = Object.fromEntries(named.map(({ name, schema }) => [name, arbitraryOf(schema, find)]))
    return fc.record(values, { requiredKeys: named.filter((one) => one.required).map(({ name }) => name) })
  }
  const sent = body ? arbitraryOf(body, find) : fc.constant(undefined)
  return fc.record({ params: fields('path'), query: fields('query'), sent })
}

/** As JSON, or as a form where the route takes one. */
function writeBody({ bodyType }: Operation, value: unknown): string | undefined {
  if (value === undefined) return undefined
  const isForm = bodyType === 'application/x-www-form-urlencoded' && typeof value === 'object' && value !== null
  if (!isForm) return JSON.stringify(value) ?? ''
  const fields = Object.entries(value).map(([name, item]): [string, string] => [name, String(item).toWellFormed()])
  return new URLSearchParams(fields).toString()
}

type Written = { params: Fields; query: Fields; text: string | undefined; type: string; headers: Headers }

function writeRequest({ method, path }: Operation, { params, query, text, type, headers }: Written): RawRequest {
  return {
    method,
    path: `${fillPath(path, (name) => encode(params[name]))}${writeQuery(query)}`,
    headers: { ...headers, ...(text !== undefined && type !== '' && { 'content-type': type }) },
    body: text,
  }
}

/** `value` with one of its parts, picked by number, in place of which stands something else. */
function breakPart(value: unknown, pick: number, instead: unknown): unknown {
  if (typeof value !== 'object' || value === null) return instead
  const entries = Object.entries(value)
  const found = entries[pick % (entries.length + 1)]
  if (!found) return Array.isArray(value) ? [...value, instead] : { ...value, surplus: instead }
  const broken = breakPart(found[1], Math.floor(pick / 2), instead)
  return Array.isArray(value) ? value.with(Number(found[0]), broken) : { ...value, [found[0]]: broken }
}

function writeQuery(query: Record<string, unknown>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`)
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

/** Some texts go out as they are where the wire can carry them: dots, slashes and broken escapes are part of the fun. */
function encode(value: unknown): string {
  const text = String(value).toWellFormed()
  return /^[\w.%/~-]+$/.test(text) && text.length % 2 === 0 ? text : encodeURIComponent(text)
}

function nest(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}
