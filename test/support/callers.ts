import { expect } from 'vitest'
import { fillPath, type Operation, readApiDocument } from './api-document.ts'
import type { TestOffice } from './office.ts'
import { openToKeys, routeAccess, undocumented } from './route-access.ts'
import { type RawReply, sendRaw } from './send-raw.ts'

/** API keys: whose, with which of their roles and scopes, and which permissions that makes. */
const machines = [
  { login: 'minsu', roles: ['employee', 'sales'], scopes: ['ask'], may: [] },
  { login: 'hyerim', roles: ['employee', 'admin'], scopes: ['sync'], may: ['sync'] },
  { login: 'hyerim', roles: ['employee', 'admin'], scopes: ['training'], may: ['training'] },
  { login: 'hyerim', roles: ['employee'], scopes: ['ask', 'sync', 'audit', 'training'], may: [] },
  { login: 'bonseok', roles: ['employee', 'auditor'], scopes: ['audit'], may: ['audit'] },
  { login: 'eunbi', roles: ['employee'], scopes: ['ask', 'sync', 'audit', 'training'], may: [] },
] as const
export type Machine = (typeof machines)[number]

/** Whether the scopes of a key open a route, whatever the roles of the key say to it then. */
export const isOpenTo = ({ scopes }: Machine, { route }: Operation): boolean =>
  scopes.some((scope) => openToKeys[scope].includes(route))

/** What a route asks of a caller, as the list that is kept apart from the code says it. */
export const accessOf = ({ route }: Operation) => routeAccess[route] ?? undocumented[route] ?? 'unclassified'

/** Every route of the product: those of its document, and those that the document leaves out. */
export async function listOperations(url: string): Promise<{ documented: Operation[]; operations: Operation[] }> {
  const { operations: documented } = await readApiDocument(url)
  const hidden = Object.keys(undocumented).map((route) => {
    const [method = '', path = ''] = route.split(' ')
    return { route, method, path, parameters: [], body: undefined, bodyType: '', statuses: [] }
  })
  return { documented, operations: [...documented, ...hidden] }
}

export type Knock = {
  token: string | undefined
  /** What stands for a name in the path. */
  fill: (name: string) => string
  /** As JSON. Without it a body that no route takes: who is let in gets no further than that, so nothing is changed. */
  body?: string | undefined
}

/** Calls a route, well or only to see whether it opens. */
export function knockAt(url: string, { method, path }: Operation, { token, fill, body }: Knock): Promise<RawReply> {
  const hasBody = method !== 'GET' && method !== 'DELETE'
  return sendRaw(url, {
    method,
    path: fillPath(path, fill),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(hasBody && { 'content-type': body === undefined ? 'text/plain' : 'application/json' }),
    },
    body: hasBody ? (body ?? 'x') : undefined,
  })
}

/** The secrets of an API key of each of `machines`, made by the administrator. */
export async function makeKeys(office: TestOffice): Promise<Map<Machine, string>> {
  const secrets = new Map<Machine, string>()
  for (const machine of machines) secrets.set(machine, await makeKey(office, machine))
  return secrets
}

async function makeKey(office: TestOffice, { login, roles, scopes }: Machine): Promise<string> {
  const admin = await office.signIn('hyerim')
  const { body: me } = (await (await office.signIn(login)).call('/api/v1/me')).body as { body: { userId: string } }
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
  const wish = { name: 'a machine', ownerId: me.userId, roles, scopes, expiresAt }
  const made = await admin.call('/api/v1/admin/api-keys', { method: 'POST', body: JSON.stringify(wish) })
  expect(made.status).toBe(201)
  return (made.body as { body: { secret: string } }).body.secret
}
