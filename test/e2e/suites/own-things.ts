import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { OwnSessions } from '../../../src/auth/api.ts'
import type { SubscriptionBody } from '../../../src/subscriptions/api.ts'
import type { Operation } from '../../support/api-document.ts'
import { accessOf, isOpenTo, knockAt, listOperations, type Machine, makeKeys } from '../../support/callers.ts'
import type { Person, TestOffice } from '../../support/office.ts'

const logins = ['somi', 'minsu', 'sejin', 'sanghyun', 'hyerim', 'bonseok']

/** What these routes take, so that whose the thing is is what they refuse. */
const takenBodies: Record<string, string> = {
  'POST /api/v1/conversations/{id}/turns/{turnId}/feedback': '{"rating":"up"}',
  'PATCH /api/v1/subscriptions/{subscription}': '{"cron":"0 8 * * 1"}',
  'POST /api/v1/subscriptions/{subscription}/run': '{}',
  'PUT /api/v1/me/devices/{device}/topics/{topic}': '{}',
}

/** Things of one person's own, by the names that paths have for them. */
type Things = Record<'id' | 'turnId' | 'subscription' | 'device' | 'topic' | 'sessionId', string>
const isName = (name: string, things: Things): name is keyof Things => Object.hasOwn(things, name)

/** Conversations, subscriptions, devices and sessions: whose they are is who reaches them, and nobody else. */
export function describeOwnThings(office: () => TestOffice): void {
  describe('a person’s own things', () => {
    const people = new Map<string, Person>()
    let secrets: Map<Machine, string>
    let operations: Operation[]
    let own: Operation[]
    let owner: Person
    let things: Things

    beforeAll(async () => {
      operations = (await listOperations(office().url)).operations
      own = operations.filter((one) => one.path.includes('{') && accessOf(one) === 'signed-in')
      for (const login of logins) people.set(login, await office().signIn(login))
      secrets = await makeKeys(office())
      owner = await office().signIn('eunbi')
      things = await makeThings(owner)
    }, 60_000)

    const knock = (operation: Operation, token: string, of: Things = things) => {
      const fill = (name: string) => {
        if (!isName(name, of)) throw new Error(`No thing of the owner is made for {${name}} of ${operation.route}`)
        return of[name]
      }
      return knockAt(office().url, operation, { token, fill, body: takenBodies[operation.route] })
    }

    test('are out of everybody else’s reach: to read, change, remove, rate, export or go on with', async () => {
      const before = await readThings(owner, things)
      const wrong: string[] = []
      expect(own.length).toBeGreaterThan(10)
      const calls = own.flatMap((operation) => [...people].map(([login, { token }]) => ({ login, token, operation })))
      for (const { login, token, operation } of calls) {
        const { status, text } = await knock(operation, token)
        if (status !== 404 || text.includes('매출')) wrong.push(`${login} at ${operation.route}: ${status} ${text}`)
      }
      expect(wrong).toEqual([])
      for (const person of people.values()) {
        expect(await goOn(person, things.id)).toBe(404)
        expect(await askOverSocket(office().url, person.token, things.id)).toBe('CONVERSATION_NOT_FOUND')
      }
      expect(await readThings(owner, things)).toEqual(before)
    })

    test('are not reached by way of one’s own: a turn by another conversation', async () => {
      const minsu = await office().signIn('minsu')
      const { conversationId } = await minsu.ask('안녕')
      const wrong: string[] = []
      const byTurn = own.filter(({ path }) => path.includes('{turnId}'))
      expect(byTurn.length).toBe(2)
      for (const operation of byTurn) {
        const { status } = await knock(operation, minsu.token, { ...things, id: conversationId })
        if (status !== 404) wrong.push(`${operation.route}: ${status}`)
      }
      expect(wrong).toEqual([])
    })

    test('are out of the reach of API keys, their owner’s neither', async () => {
      const wrong: string[] = []
      const calls = own.flatMap((operation) =>
        [...secrets].map(([machine, secret]) => ({ machine, secret, operation })),
      )
      for (const { machine, secret, operation } of calls) {
        const { status, text } = await knock(operation, secret)
        if (status !== (isOpenTo(machine, operation) ? 404 : 403) || text.includes('매출'))
          wrong.push(`a key of ${machine.login} at ${operation.route}: ${status}`)
      }
      expect(wrong).toEqual([])
    })

    test('are in nobody else’s lists', async () => {
      // The auditor's own list has the ids of everyone's conversations in it, and nothing of what they say.
      const lists = operations.filter(
        (one) => one.method === 'GET' && !one.path.includes('{') && accessOf(one) !== 'audit',
      )
      const { id, subscription, device, sessionId } = things
      const ids = [id, subscription, device, sessionId]
      /** Which lists of a person name a thing of the owner's. */
      const findIn = async (token: string) => {
        const found: string[] = []
        for (const operation of lists) {
          const { text } = await knock(operation, token)
          if (ids.some((one) => text.includes(one))) found.push(operation.route)
        }
        return found.sort()
      }
      for (const [login, { token }] of people) expect([login, await findIn(token)]).toEqual([login, []])
      const listing = ['/api/v1/conversations', '/api/v1/me/devices', '/api/v1/me/sessions', '/api/v1/subscriptions']
      expect(await findIn(owner.token)).toEqual(listing.map((path) => `GET ${path}`))
    })

    // Last, because it takes them away: without it, ids and bodies that nobody gets anywhere with would pass the tests above.
    test('are in their owner’s, by every one of these routes', async () => {
      const reached: string[] = []
      const byRemoval = (one: Operation) => (one.method === 'DELETE' ? (one.path.includes('{topic}') ? 1 : 2) : 0)
      // One's own session is ended last of all.
      const inOrder = own.toSorted((a, b) => byRemoval(a) - byRemoval(b) || a.route.localeCompare(b.route))
      const other = await office().signIn('eunbi')
      for (const operation of inOrder) {
        const { status } = await knock(operation, other.token)
        reached.push(`${operation.route}: ${status}`)
      }
      expect(reached.filter((one) => !/: 20[012]$/.test(one))).toEqual([])
      expect((await owner.call('/api/v1/me')).status).toBe(401)
    })
  })
}

/** One of everything that a person can have of their own. */
async function makeThings(person: Person): Promise<Things> {
  const make = async <T>(path: string, wish?: unknown): Promise<T> => {
    const made = await person.call(path, wish === undefined ? {} : { method: 'POST', body: JSON.stringify(wish) })
    expect(made.status).toBeOneOf([200, 201])
    return (made.body as { body: T }).body
  }
  const { conversationId, turn } = await person.ask('이번 달 매출 얼마야?')
  const { subscription } = await make<SubscriptionBody>('/api/v1/subscriptions', {
    ...{ kind: 'report', query: { entity: 'sales', measures: ['amount'] }, question: '매출 얼마야?' },
    cron: '0 9 * * 1',
  })
  const token = `token-${randomUUID()}`
  const { device } = await make<{ device: string }>('/api/v1/me/devices', { token, platform: 'web', name: '매출 크롬' })
  const { sessions } = await make<OwnSessions>('/api/v1/me/sessions')
  const sessionId = sessions.find(({ isCurrent }) => isCurrent)?.sessionId ?? ''
  return { id: conversationId, turnId: turn.turnId, subscription, device, topic: 'news', sessionId }
}

/** All that a stranger could have changed of them. */
async function readThings(person: Person, { id, subscription }: Things): Promise<unknown> {
  const conversation = await person.conversation(id)
  const report = (await person.call(`/api/v1/subscriptions/${subscription}`)).body
  const devices = (await person.call('/api/v1/me/devices')).body
  const sessions = (await person.call('/api/v1/me/sessions')).body as { body: OwnSessions }
  const listed = sessions.body.sessions.map(({ sessionId }) => sessionId)
  return structuredClone({ conversation, report: bodyOf(report), devices: bodyOf(devices), listed })
}

const bodyOf = (envelope: unknown) => (envelope as { body: unknown }).body

async function goOn(person: Person, conversationId: string): Promise<number> {
  const body = JSON.stringify({ text: '그럼 지난달은?', conversationId })
  return (await person.call('/api/v1/chat/messages', { method: 'POST', body })).status
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
