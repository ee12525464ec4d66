import { randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { fillPath, type Operation, readApiDocument } from '../../support/api-document.ts'
import type { Person, TestOffice } from '../../support/office.ts'
import { openToKeys, permitted, routeAccess, undocumented } from '../../support/route-access.ts'
import { sendRaw } from '../../support/send-raw.ts'

/** What routes about a conversation take, so that whose it is is what they refuse. */
const takenBodies: Record<string, string> = {
  'POST /api/v1/conversations/{id}/turns/{turnId}/feedback': '{"rating":"up"}',
}

/** API keys: whose, with which of their roles and scopes, and which permissions that makes. */
const machines = [
  { login: 'minsu', roles: ['employee', 'sales'], scopes: ['ask'], may: [] },
  { login: 'hyerim', roles: ['employee', 'admin'], scopes: ['sync'], may: ['sync'] },
  { login: 'hyerim', roles: ['employee'], scopes: ['ask', 'sync', 'audit'], may: [] },
  { login: 'bonseok', roles: ['employee', 'auditor'], scopes: ['audit'], may: ['audit'] },
  { login: 'eunbi', roles: ['employee'], scopes: ['ask', 'sync', 'audit'], may: [] },
] as const
type Machine = (typeof machines)[number]
const isOpenTo = ({ scopes }: Machine, { route }: Operation) =>
  scopes.some((scope) => openToKeys[scope].includes(route))

const logins = ['somi', 'minsu', 'sejin', 'sanghyun', 'hyerim', 'bonseok']

/** Everyone at every route that the product says it has: who is let in, and whose data they reach. */
export function describeAccess(office: () => TestOffice): void {
  describe('access', () => {
    const people = new Map<string, Person>()
    const secrets = new Map<Machine, string>()
    let documented: Operation[]
    let operations: Operation[]
    let owner: Person
    let owned: { conversationId: string; turnId: string }

    beforeAll(async () => {
      documented = (await readApiDocument(office().url)).operations
      const hidden = Object.keys(undocumented).map((route) => {
        const [method = '', path = ''] = route.split(' ')
        return { route, method, path, parameters: [], body: undefined, bodyType: '', statuses: [] }
      })
      operations = [...documented, ...hidden]
      for (const login of logins) people.set(login, await office().signIn(login))
      for (const machine of machines) secrets.set(machine, await makeKey(office(), machine))
      owner = await office().signIn('eunbi')
      const { conversationId, turn } = await owner.ask('이번 달 매출 얼마야?')
      owned = { conversationId, turnId: turn.turnId }
    }, 60_000)

    /** Calls with a body that no route takes: who is let in gets no further than that, so nothing is changed. */
    const knock = async (
      operation: Operation,
      token: string | undefined,
      id: string = randomUUID(),
      json: string | undefined = undefined,
    ) => {
      const hasBody = operation.method !== 'GET' && operation.method !== 'DELETE'
      const reply = await sendRaw(office().url, {
        method: operation.method,
        path: fillPath(operation.path, (name) => (name === 'turnId' ? owned.turnId : id)),
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(hasBody && { 'content-type': json === undefined ? 'text/plain' : 'application/json' }),
        },
        body: hasBody ? (json ?? 'x') : undefined,
      })
      return reply
    }
    const accessOf = ({ route }: Operation) => routeAccess[route] ?? undocumented[route] ?? 'unclassified'
    const isAllowed = (login: string, access: string) =>
      access === 'public' || access === 'signed-in' || (permitted[access]?.includes(login) ?? false)

    /** What names one thing of a person's own; a call with a body would not get as far as that. */
    const isOwnThing = (operation: Operation) =>
      operation.path.includes('{') && accessOf(operation) === 'signed-in' && /^(GET|DELETE)$/.test(operation.method)
    /** Every key at every one of `routes` that is not public. */
    const keyCalls = (routes: Operation[]) =>
      routes
        .filter((operation) => accessOf(operation) !== 'public')
        .flatMap((operation) => [...secrets].map(([machine, secret]) => ({ machine, secret, operation })))
    const isFor = (machine: Machine, operation: Operation) => {
      const access = accessOf(operation)
      const isPermitted = access === 'signed-in' || machine.may.some((permission) => permission === access)
      return isOpenTo(machine, operation) && isPermitted
    }

    test('every route is classified', () => {
      expect(documented.length).toBeGreaterThan(25)
      expect(documented.filter(({ route }) => !(route in routeAccess)).map(({ route }) => route)).toEqual([])
      // What hides from the document would hide from this test.
      const hiding = globSync('src/**/!(*.test|*-fixture).ts').filter((file) =>
        /\bhide: true|\bwebsocket: true/.test(readFileSync(file, 'utf8')),
      )
      expect(hiding.map((file) => file.split('/').at(-1)).sort()).toEqual([
        'describe-api.ts',
        'probes.ts',
        'socket.ts',
        'static-files.ts',
      ])
    })

    test('everyone is let in where they may, and nowhere else', async () => {
      const wrong: string[] = []
      for (const operation of operations) {
        const access = accessOf(operation)
        for (const [login, { token }] of people) {
          const { status } = await knock(operation, token)
          const isIn = status !== 401 && status !== 403
          const mayPass = isAllowed(login, access)
          if (isIn !== mayPass || (!isIn && status !== 403)) wrong.push(`${login} at ${operation.route}: ${status}`)
        }
      }
      expect(wrong).toEqual([])
    })

    test('an API key is let in where its scope and its roles allow, and nowhere else', async () => {
      const wrong: string[] = []
      const outcomes = new Set<number>()
      for (const { machine, secret, operation } of keyCalls(operations)) {
        const { status } = await knock(operation, secret)
        const isIn = status !== 401 && status !== 403
        outcomes.add(status)
        if (isIn !== isFor(machine, operation) || status === 401)
          wrong.push(`${machine.scopes} of ${machine.login} at ${operation.route}: ${status}`)
      }
      expect(wrong).toEqual([])
      expect([...outcomes]).toEqual(expect.arrayContaining([200, 403, 404]))
    })

    test('a stranger, a forged token and one who has signed out meet only what is public', async () => {
      const gone = await office().signIn('somi')
      expect((await gone.call('/auth/logout', { method: 'POST', body: '{}' })).status).toBe(200)
      const [head, body] = owner.token.split('.')
      const tokens = { stranger: undefined, forged: `${head}.${body}.AAAA`, 'signed out': gone.token }
      const wrong: string[] = []
      for (const operation of operations) {
        const isPublic = accessOf(operation) === 'public'
        for (const [who, token] of Object.entries(tokens)) {
          const { status } = await knock(operation, token)
          // Signing in and out is public, and answers for itself.
          if (isPublic ? status === 403 : status !== 401) wrong.push(`${who} at ${operation.route}: ${status}`)
        }
      }
      expect(wrong).toEqual([])
    })

    test('who is shut out is out everywhere within seconds', async () => {
      const person = await office().signIn('gaeun')
      await setDisabled(office().databaseUrl, '류가은', true)
      await expect.poll(async () => (await person.call('/api/v1/me')).status, { timeout: 10_000 }).not.toBe(200)
      const wrong: string[] = []
      for (const operation of operations.filter((one) => accessOf(one) !== 'public')) {
        const { status } = await knock(operation, person.token)
        if (status !== 401 && status !== 403) wrong.push(`${operation.route}: ${status}`)
      }
      await setDisabled(office().databaseUrl, '류가은', false)
      expect(wrong).toEqual([])
    })

    test('nobody reaches another person’s conversation: not to read, change, remove, export or go on with it', async () => {
      const before = await owner.conversation(owned.conversationId)
      const wrong: string[] = []
      const own = operations.filter(isOwnThing)
      expect(own.length).toBeGreaterThan(2)
      for (const operation of own) {
        for (const [login, { token }] of people) {
          const { status, text } = await knock(operation, token, owned.conversationId, takenBodies[operation.route])
          if (status !== 404 || text.includes('매출')) wrong.push(`${login} at ${operation.route}: ${status}`)
        }
      }
      expect(wrong).toEqual([])
      for (const person of people.values()) {
        expect(await goOn(person, owned.conversationId)).toBe(404)
        expect(await askOverSocket(office().url, person.token, owned.conversationId)).toBe('CONVERSATION_NOT_FOUND')
      }
      expect(await owner.conversation(owned.conversationId)).toEqual(before)
    })

    test('no API key reaches it, its owner’s neither', async () => {
      const wrong: string[] = []
      const own = operations.filter(isOwnThing)
      for (const { machine, secret, operation } of keyCalls(own)) {
        const { status, text } = await knock(operation, secret, owned.conversationId, takenBodies[operation.route])
        if (status !== (isOpenTo(machine, operation) ? 404 : 403) || text.includes('매출'))
          wrong.push(`a key of ${machine.login} at ${operation.route}: ${status}`)
      }
      expect(wrong).toEqual([])
    })

    test('no list has another person’s conversations in it', async () => {
      // The auditor's own list has the ids of everyone's conversations in it, and nothing of what they say.
      const lists = operations.filter(
        (one) => one.method === 'GET' && !one.path.includes('{') && accessOf(one) !== 'audit',
      )
      const wrong: string[] = []
      for (const operation of lists) {
        for (const [login, { token }] of people) {
          const { text } = await knock(operation, token)
          if (text.includes(owned.conversationId)) wrong.push(`${login} at ${operation.route}`)
        }
      }
      expect(wrong).toEqual([])
      expect((await knock(lists.find(({ path }) => path === '/api/v1/conversations')!, owner.token)).text).toContain(
        owned.conversationId,
      )
    })
  })
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

async function goOn(person: Person, conversationId: string): Promise<number> {
  const body = JSON.stringify({ text: '그럼 지난달은?', conversationId })
  return (await person.call('/api/v1/chat/messages', { method: 'POST', body })).status
}

async function setDisabled(databaseUrl: string, name: string, disabled: boolean): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  await database.query('update auth_users set disabled = $2 where name = $1', [name, disabled])
  await database.end()
}

/** What comes of a question in the conversation `conversationId`: its error code, or the frame's type. */
function askOverSocket(url: string, token: string, conversationId: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const socket = new WebSocket(new URL('/api/v1/chat', url.replace('http', 'ws')), { headers })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () =>
      socket.send(JSON.stringify({ type: 'ask', requestId: 'r', text: '이번 달 매출', conversationId })),
    )
    socket.on('message', (data) => {
      const { body } = JSON.parse(String(data)) as { body: { type: string; error?: { code: string } } }
      resolve(body.error?.code ?? body.type)
      socket.close()
    })
  })
}
