import type pg from 'pg'
import { type EntitySet, findEntitySet } from './model.ts'
import { badRequest, notImplemented, ODataError } from './odata/errors.ts'
import { metadataXml, serviceDocument } from './odata/metadata.ts'
import { type QueryOptions, readOptions } from './odata/options.ts'
import { fingerprint, openPosition, readPageSize, sealPosition } from './odata/page.ts'
import { countSet, querySet, readEntity } from './odata/query-set.ts'
import { readTokens } from './odata/tokenize.ts'
import { type NumberStyle, writeEntity, writePage } from './odata/write-json.ts'

/** A GET below `/odata/v4/`. `root` is that folder's absolute URL, `path` what follows it, not yet decoded. */
export type ODataRequest = { root: string; path: string; query: URLSearchParams; accept?: string; prefer?: string }
export type ODataReply = { headers: Record<string, string>; body: string }
export type ODataDeps = { pool: pg.Pool; tokenSecret: string }

/** Answers one OData request. Throws ODataError for every refusal. */
export async function answerRequest(deps: ODataDeps, request: ODataRequest): Promise<ODataReply> {
  if (request.path === '$metadata') {
    return { headers: { 'Content-Type': 'application/xml;charset=utf-8' }, body: metadataXml }
  }
  const style = readNumberStyle(request.accept, request.query.get('$format'))
  if (request.path === '') return json(serviceDocument(request.root), style)
  const target = readPath(request.path)
  const options = readOptions(request.query)
  if (target.kind === 'count') {
    refuseOptions(request.query, ['$select', '$orderby', '$top', '$skip', '$count', '$skiptoken'], '/$count')
    return {
      headers: { 'Content-Type': 'text/plain;charset=utf-8' },
      body: await countSet(deps.pool, target.set, options),
    }
  }
  if (target.kind === 'entity') return answerEntity(deps, request, { ...target, options, style })
  return answerCollection(deps, request, { set: target.set, options, style })
}

type Wanted = { set: EntitySet; options: QueryOptions; style: NumberStyle }

async function answerCollection(deps: ODataDeps, request: ODataRequest, wanted: Wanted): Promise<ODataReply> {
  const { set, options, style } = wanted
  const { size, applied } = readPageSize(request.prefer)
  const query = fingerprint(request.path, request.query)
  const position = options.skipToken
    ? openPosition(options.skipToken, query, deps.tokenSecret)
    : { after: [], taken: 0, size }
  const page = await querySet(deps.pool, set, options, position)
  const isWhole = options.apply.length === 0 && !options.select
  const shape = isWhole ? '' : `(${page.columns.map(({ name }) => name).join(',')})`
  const nextLink = page.next && linkTo(request, sealPosition(page.next, query, deps.tokenSecret))
  const body = writePage(
    {
      context: `${request.root}$metadata#${set.name}${shape}`,
      columns: page.columns,
      rows: page.rows,
      ...(page.count !== undefined && { count: page.count }),
      ...(nextLink !== undefined && { nextLink }),
    },
    style,
  )
  const reply = json(body, style)
  return { ...reply, headers: { ...reply.headers, ...(applied && { 'Preference-Applied': applied }) } }
}

async function answerEntity(
  deps: ODataDeps,
  request: ODataRequest,
  { set, key, options, style }: Wanted & { key: string },
): Promise<ODataReply> {
  const misplaced = ['$apply', '$filter', '$orderby', '$top', '$skip', '$count', '$skiptoken']
  refuseOptions(request.query, misplaced, 'a single entity')
  const { columns, row } = await readEntity(deps.pool, set, key, options.select)
  const shape = options.select ? `(${columns.map(({ name }) => name).join(',')})` : ''
  return json(writeEntity(`${request.root}$metadata#${set.name}${shape}/$entity`, columns, row, style), style)
}

function linkTo(request: ODataRequest, skipToken: string): string {
  const query = new URLSearchParams(request.query)
  query.set('$skiptoken', skipToken)
  return `${request.root}${request.path}?${query}`
}

type Target = { set: EntitySet } & ({ kind: 'collection' } | { kind: 'count' } | { kind: 'entity'; key: string })

function readPath(path: string): Target {
  if (path === '$batch') throw notImplemented('$batch is not implemented.')
  const parts = /^(\w+)(?:\((.*)\))?(?:\/(.*))?$/su.exec(decodePath(path))
  const set = findEntitySet(parts?.[1] ?? '')
  if (!parts || !set) throw new ODataError(404, 'UnknownEntitySet', `There is no entity set '${path.slice(0, 64)}'.`)
  const [, , key, rest] = parts
  if (rest === '$count' && key === undefined) return { kind: 'count', set }
  if (rest !== undefined) throw notImplemented(`Paths below '${set.name}' other than /$count are not implemented.`)
  if (key === undefined) return { kind: 'collection', set }
  return { kind: 'entity', set, key: readKey(key, set) }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw badRequest('InvalidPath', 'The path is not validly percent-encoded.')
  }
}

/** `('A-100')`, `(12)` or `(Code='A-100')`. */
function readKey(text: string, set: EntitySet): string {
  const [keyName = ''] = set.key
  const named = `${keyName}=`
  const tokens = readTokens(text.startsWith(named) ? text.slice(named.length) : text, '$key')
  const kind = set.properties.find(({ name }) => name === keyName)?.type === 'String' ? 'string' : 'number'
  if (tokens.peek().kind !== kind) throw badRequest('InvalidKey', `The key of ${set.name} is ${keyName}, a ${kind}.`)
  const { text: key } = tokens.take()
  if (tokens.peek().kind !== 'end') throw badRequest('InvalidKey', `The key of ${set.name} is one value.`)
  return key
}

function refuseOptions(query: URLSearchParams, names: string[], where: string): void {
  const misplaced = names.find((name) => query.has(name))
  if (misplaced) throw badRequest('InvalidOption', `${misplaced} has no meaning for ${where}.`)
}

/** Throws a 406 when the caller takes no JSON. */
function readNumberStyle(accept: string | undefined, format: string | null): NumberStyle {
  const wanted = format ?? accept ?? '*/*'
  if (format === null && !/\*\/\*|application\/(json|\*)/i.test(wanted)) {
    throw new ODataError(406, 'NotAcceptable', 'This is served as application/json.')
  }
  return /IEEE754Compatible\s*=\s*"?true/i.test(wanted) ? 'string' : 'number'
}

function json(body: string, style: NumberStyle): ODataReply {
  const exactness = style === 'string' ? ';IEEE754Compatible=true' : ''
  return { headers: { 'Content-Type': `application/json;odata.metadata=minimal${exactness};charset=utf-8` }, body }
}
