import fc from 'fast-check'
import { type ApiDocument, fillPath, type Operation } from './api-document.ts'
import { arbitraryOf } from './json-arbitrary.ts'
import type { RawRequest } from './send-raw.ts'

type Headers = Record<string, string>

/** Texts that have broken somebody's program before. */
const nastyText = fc.oneof(
  fc.constantFrom(
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
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
)

const nastyJson = fc.oneof(
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

/** Requests of `operation`, half of them as its schemas have it, half broken somewhere. `signedIn` carries the headers of a person who may. */
export function requestsOf(
  operation: Operation,
  { find }: Pick<ApiDocument, 'find'>,
  signedIn: Headers,
): fc.Arbitrary<RawRequest> {
  const { method, path, parameters, body } = operation
  const named = (place: 'path' | 'query') => parameters.filter((one) => one.in === place)
  const record = (place: 'path' | 'query', isBroken: boolean) =>
    fc.record(
      Object.fromEntries(
        named(place).map(({ name, schema }) => [name, isBroken ? nastyText : arbitraryOf(schema, find)]),
      ),
      {
        requiredKeys:
          place === 'path' || !isBroken
            ? named(place)
                .filter((one) => one.required)
                .map((one) => one.name)
            : [],
      },
    )
  const oneOf = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 3, arbitrary: good }, { weight: 1, arbitrary: bad })
  const unknown = fc.dictionary(fc.constantFrom('a', 'limit', '__proto__[x]', 'format', 'after'), nastyText, {
    maxKeys: 2,
  })
  const goodBody = body ? arbitraryOf(body, find).map((value) => JSON.stringify(value) ?? '') : fc.constant(undefined)
  const badBody = method === 'GET' ? fc.constant(undefined) : rawBody
  return fc
    .record({
      params: oneOf(record('path', false), record('path', true)),
      query: oneOf(record('query', false), fc.oneof(record('query', true), unknown)),
      body: oneOf<string | undefined>(goodBody, badBody),
      type: oneOf(fc.constant('application/json'), contentType),
      headers: oneOf(fc.constant<Headers>({}), oddHeaders),
      caller: oneOf<Headers>(
        fc.constant(signedIn),
        fc.constantFrom<Headers>({}, { authorization: 'Bearer x' }, { authorization: '%' }),
      ),
    })
    .map(({ params, query, body: sent, type, headers, caller }) => ({
      method,
      path: `${fillPath(path, (name) => encode((params as Record<string, unknown>)[name]))}${writeQuery(query)}`,
      headers: { ...headers, ...caller, ...(sent !== undefined && type !== '' && { 'content-type': type }) },
      body: sent,
    }))
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
