import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { demoPassword } from '../../demo/accounts.ts'
import { launchOffice, type Office } from '../../demo/launch/office.ts'
import type { AskReply, Conversation } from '../../src/chat/api.ts'
import { signInWithPassword } from '../../src/cli/sign-in.ts'

/** The whole product in a folder of its own, with the demo ERP's database open for independent SQL. */
export type TestOffice = Office & {
  dataDir: string
  /** One row of independent SQL on the ERP's own tables. */
  sql<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>
  signIn(login: string): Promise<Person>
  close(): Promise<void>
}

/** A signed-in person's view of the HTTP API. */
export type Person = {
  token: string
  call(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; body: never }>
  ask(text: string, conversationId?: string): Promise<AskReply>
  conversation(id: string): Promise<Conversation>
}

/** `given` are variables of the service's own; `port` is any free one unless told. */
export async function openOffice(
  roles: 'one' | 'three',
  { port = 0, given = {} }: { port?: number; given?: Record<string, string> } = {},
): Promise<TestOffice> {
  const dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-e2e-'))
  const office = await launchOffice({ dataDir, port, roles, given, erpFaults: true })
  const pool = new pg.Pool({ connectionString: office.erpDatabaseUrl, max: 2 })
  pool.on('error', () => undefined)
  return {
    ...office,
    dataDir,
    sql: async (text, values) => (await pool.query(text, values)).rows,
    signIn: async (login) => {
      const { accessToken } = await signInWithPassword({ serviceUrl: office.url, login, password: demoPassword })
      return createPerson(office.url, accessToken)
    },
    close: async () => {
      await pool.end()
      await office.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export function createPerson(url: string, token: string): Person {
  const call: Person['call'] = async (path, init = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers }
    const reply = await fetch(new URL(path, url), { ...init, headers, signal: AbortSignal.timeout(20_000) })
    const text = await reply.text()
    return { status: reply.status, headers: reply.headers, body: (text ? JSON.parse(text) : undefined) as never }
  }
  const bodyOf = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const { status, body } = await call(path, init)
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
    return (body as { body: T }).body
  }
  return {
    token,
    call,
    ask: (text, conversationId) =>
      bodyOf('/api/v1/chat/messages', {
        method: 'POST',
        body: JSON.stringify({ text, ...(conversationId && { conversationId }) }),
      }),
    conversation: (id) => bodyOf(`/api/v1/conversations/${id}`),
  }
}
