import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { search, sortRows } from './odoo-simulator-domain-fixture.ts'
import { formattedReadGroup, type GroupArgs } from './odoo-simulator-groups-fixture.ts'
import {
  fieldOf,
  modelOf,
  readAs,
  SimError,
  type SimModels,
  type SimRow,
  valueError,
} from './odoo-simulator-model-fixture.ts'

/**
 * A simulator of Odoo 19's JSON-2 API over HTTP, for tests only: what its documentation publishes, and the surprises that its
 * public source and tests show. It is no Odoo: modules, record rules, languages and most methods are not there.
 */
export type SimOptions = {
  models: SimModels
  apiKey?: string
  /** With one, requests that do not name it find no JSON-2 at all. */
  database?: string
  /** Seen before each call is answered: to change data between pages, or to answer instead. */
  before?: (seen: SeenCall, response: ServerResponse) => boolean | undefined
}
type SeenCall = {
  model: string
  method: string
  body: Record<string, unknown>
  headers: IncomingMessage['headers']
}
export type Simulator = { url: string; seen: SeenCall[]; close: () => Promise<void> }

const arguments_: Record<string, string[]> = {
  search_read: ['domain', 'fields', 'offset', 'limit', 'order', 'load'],
  search_count: ['domain', 'limit'],
  formatted_read_group: ['domain', 'groupby', 'aggregates', 'having', 'offset', 'limit', 'order'],
  fields_get: ['allfields', 'attributes'],
  read: ['fields', 'load'],
  context_get: [],
}

/** A text that must show up nowhere: it is in every traceback. */
export const traceSecret = 'SELECT secret_salary FROM hr_employee'

export async function serveOdoo(options: SimOptions): Promise<Simulator> {
  const seen: SeenCall[] = []
  const server = createServer((request, response) => {
    answer(request, response, options, seen).catch((error: unknown) => sendError(response, error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: SimOptions,
  seen: SeenCall[],
): Promise<void> {
  const match = /^\/json\/2\/([\w.]+)\/(\w+)$/.exec(request.url ?? '')
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  if (!match || (options.database && request.headers['x-odoo-database'] !== options.database)) {
    response.writeHead(404, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>404</title>')
    return
  }
  if (request.method !== 'POST') throw new SimError(405, 'werkzeug.exceptions.MethodNotAllowed', 'POST only')
  if (request.headers.authorization !== `bearer ${options.apiKey ?? 'key'}`)
    throw new SimError(401, 'werkzeug.exceptions.Unauthorized', 'Invalid apikey')
  const body: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  const call: SeenCall = { model: match[1] ?? '', method: match[2] ?? '', body, headers: request.headers }
  seen.push(call)
  if (options.before?.(call, response)) return
  send(response, 200, run(options.models, call))
}

function run(models: SimModels, { model, method, body }: SeenCall): unknown {
  const { context = {}, ids = [], ...args } = body
  const known = arguments_[method]
  modelOf(models, model)
  if (!known) throw new SimError(404, 'werkzeug.exceptions.NotFound', `'${model}' object has no attribute '${method}'`)
  const unknown = Object.keys(args).find((name) => !known.includes(name))
  if (unknown || (method !== 'read' && (ids as unknown[]).length > 0))
    throw new SimError(
      422,
      'werkzeug.exceptions.UnprocessableEntity',
      `got an unexpected argument '${unknown ?? 'ids'}'`,
    )
  if (method === 'context_get') return {}
  if (method === 'fields_get') return describe(models, model)
  if (method === 'search_count') return search(models, model, args.domain).length
  if (method === 'formatted_read_group') return formattedReadGroup(models, model, args as GroupArgs, context as object)
  if (method === 'read') return readIds(models, model, ids as number[], args)
  return searchRead(models, model, args)
}

function searchRead(models: SimModels, model: string, args: Record<string, unknown>): unknown {
  const { domain, fields, offset = 0, limit, order, load } = args
  const found = sortRows(
    models,
    model,
    search(models, model, domain),
    String(order ?? modelOf(models, model).order ?? 'id'),
  )
  const page = found.slice(Number(offset), limit === undefined ? undefined : Number(offset) + Number(limit))
  return page.map((row) => readRow(models, model, row, { fields: fields as string[], load }))
}

function readIds(models: SimModels, model: string, ids: number[], { fields, load }: Record<string, unknown>): unknown {
  return ids.map((id) => {
    const row = modelOf(models, model).rows.find((one) => one.id === String(id))
    if (!row) throw new SimError(404, 'odoo.exceptions.MissingError', `Record does not exist: ${model}(${id},)`)
    return readRow(models, model, row, { fields: fields as string[], load })
  })
}

/** Fields of the model only: a path through a relation is no field. */
type Wanted = { fields: string[]; load: unknown }

function readRow(models: SimModels, model: string, row: SimRow, { fields, load }: Wanted): unknown {
  if (fields.some((name) => name.includes('.'))) throw valueError(`Invalid field on model '${model}'`)
  return Object.fromEntries(
    ['id', ...fields].map((name) => [name, readAs(models, fieldOf(models, model, name), row[name] ?? null, load)]),
  )
}

function describe(models: SimModels, model: string): unknown {
  return Object.fromEntries(
    Object.entries({ id: { type: 'integer' as const }, ...modelOf(models, model).fields }).map(([name, field]) => {
      const stored = !('stored' in field)
      const can = { store: stored, searchable: stored, sortable: stored, groupable: stored }
      return [name, { type: field.type, ...('relation' in field ? { relation: field.relation } : {}), ...can }]
    }),
  )
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value))
}

function sendError(response: ServerResponse, error: unknown): void {
  const { status, className, message } = error instanceof SimError ? error : valueError(String(error))
  const debug = `Traceback (most recent call last):\n  File "/opt/odoo/http.py", line 2212\n    ${traceSecret}\n${className}: ${message}\n`
  send(response, status, { name: className, message, arguments: [message], context: {}, debug })
}
