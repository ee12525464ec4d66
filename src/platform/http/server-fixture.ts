import { z } from 'zod'
import { AppError } from '#platform/errors'
import {
  type ApiCall,
  createHttpServer,
  type HttpServer,
  type HttpServerOptions,
  setActor,
} from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { currentTrace } from '#platform/trace'

const unauthenticated = {
  code: 'UNAUTHENTICATED',
  kind: 'unauthenticated',
  ko: '로그인해 주세요.',
  en: 'Sign in.',
} as const
const open: HttpServer[] = []

/** Closes what `start` opened; for an afterEach. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((server) => server.close()))
}

/** A server with a few routes, and what it records. A bearer token is the name of its actor. */
export async function start(options: Partial<HttpServerOptions> = {}) {
  const calls: ApiCall[] = []
  const lines: string[] = []
  const server = await createHttpServer({
    log: createLogger({ level: 'info', role: 'http', destination: { write: (line) => void lines.push(line) } }),
    metrics: createMetrics(),
    publicUrl: 'http://chat.example.com',
    guard: async (request) => {
      const token = request.headers.authorization
      if (token === undefined) throw new AppError(unauthenticated)
      setActor(request, token.replace('Bearer ', ''))
    },
    onCall: async (call) => void calls.push(call),
    readiness: {},
    ...options,
  })
  open.push(server)
  server.post(
    '/api/v1/echo/:id',
    {
      config: { access: 'signed-in' },
      schema: {
        params: z.object({ id: z.string().max(3) }),
        body: z.object({ text: z.string().min(2), size: z.number().max(5).optional() }),
        response: { 200: z.object({ text: z.string(), traceId: z.string() }) },
      },
    },
    async (request) => ({ text: request.body.text, traceId: currentTrace().traceId }),
  )
  server.get('/api/v1/open', { config: { access: 'public' } }, async () => ({ ok: true }))
  server.get('/api/v1/broken', { config: { access: 'public' } }, async () => {
    throw new Error('secret of the database')
  })
  return { server, calls, lines }
}

/** Headers of a person who has signed in. */
export const asSomi = { authorization: 'Bearer somi' }
/** A call of the route that takes a body. */
export const echo = (payload: unknown, headers: Record<string, string> = asSomi) => ({
  method: 'POST' as const,
  url: '/api/v1/echo/1',
  headers: { 'content-type': 'application/json', ...headers },
  payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
})
/** What a refused call is known by. */
export const statusAndCode = (reply: { statusCode: number; json: () => { error?: { code: string } } }) => [
  reply.statusCode,
  reply.json().error?.code,
]
