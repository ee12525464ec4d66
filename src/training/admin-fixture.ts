import { join } from 'node:path'
import type { AuditEntry } from '#audit'
import type { Understand } from '#nlu'
import { createHttpServer } from '#platform/http-server'
import { createMetrics } from '#platform/metrics'
import { loadAccessRules } from '../auth/access-rules.ts'
import type { Actor } from '../auth/actor.ts'
import type { KeyAuthenticator } from '../auth/api-keys/authenticate-key.ts'
import type { Authenticator } from '../auth/authenticate.ts'
import { createRequestGuard } from '../auth/guard.ts'
import { registerTrainingAdmin } from './index.ts'
import { catalog, log, type TestTraining } from './training-fixture.ts'

const rules = loadAccessRules(join(import.meta.dirname, '../../access/roles.yaml'), catalog)
const roles: Record<string, Actor['roles']> = { hyerim: ['employee', 'admin'], minsu: ['employee', 'executive'] }

/** Nothing is read by the test. */
export const neverRead: Understand = async () => Promise.reject(new Error('Nothing is read here'))

type Call = { as?: string; body?: object; file?: string | Buffer; type?: string }

/** Training's routes behind the product's guard; `acts` is what was put on record, which can be taken away. */
export async function openTrainingServer(training: TestTraining, understand: Understand = neverRead) {
  const acts: AuditEntry[] = []
  const state = { isAuditAway: false }
  const authenticator = {
    authenticate: async (name: string) => ({ actor: { userId: name, name, roles: roles[name] ?? [] }, language: 'ko' }),
  } as unknown as Authenticator
  const networks = { current: async () => ({ allows: () => true }), forget: () => undefined }
  const { permissions } = rules
  const keys = {} as KeyAuthenticator
  const guard = createRequestGuard({ authenticator, keys, networks, cookieName: 'a', permissions })
  const server = await createHttpServer({
    ...{ log, metrics: createMetrics(), publicUrl: 'http://localhost', guard: guard.guard, readiness: {} },
    onCall: async () => undefined,
    limits: { perActor: 100_000, perAddress: 100_000 },
  })
  const note = async (entry: AuditEntry) => {
    if (state.isAuditAway) throw new Error('AUDIT_UNAVAILABLE')
    acts.push(entry)
  }
  const audit = { record: note, recordWith: (_: unknown, entry: AuditEntry) => note(entry) }
  const { queue } = training.deps
  registerTrainingAdmin(server, { ...training.parts, audit }, { queue, actorOf: guard.actorOf, understand })

  async function call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    { as = 'hyerim', body, file, type }: Call = {},
  ) {
    const contentType = type ?? (body && 'application/json')
    const headers = { authorization: `Bearer ${as}`, ...(contentType && { 'content-type': contentType }) }
    const payload = file ?? (body && JSON.stringify(body))
    const url = `/api/v1/training${path}`
    const reply = await server.inject({ method, url, headers, ...(payload !== undefined && { payload }) })
    const isJson = /^application\/json(;|$)/.test(String(reply.headers['content-type']))
    return {
      status: reply.statusCode,
      headers: reply.headers,
      text: reply.body,
      json: isJson ? reply.json() : undefined,
    }
  }
  return { server, acts, state, call, close: () => server.close() }
}

export const codeOf = ({ json }: { json: { error?: { code: string } } | undefined }) => json?.error?.code
