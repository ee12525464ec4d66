import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ApiKeyBody, CreateApiKey, NewApiKey } from '../../../src/auth/api-keys/api.ts'
import { scopes } from '../../../src/auth/api-keys/api-key.ts'
import { createPerson, type Person, type TestOffice } from '../../support/office.ts'
import { openToKeys } from '../../support/route-access.ts'

const run = promisify(execFile)
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

type Route = { name: string; method: string; path: string; isPublic: boolean }

/** Machines: what keys open and what they don't, and that the examples of the documentation work. */
export function describeApiKeys(office: () => TestOffice): void {
  describe('API keys', () => {
    let admin: Person
    beforeAll(async () => {
      admin = await office().signIn('hyerim')
    })

    const make = async (change: Partial<CreateApiKey>): Promise<NewApiKey> => {
      const wish = { name: 'a machine', roles: ['employee'], scopes: ['ask'], expiresAt: inDays(30), ...change }
      const made = await admin.call('/api/v1/admin/api-keys', { method: 'POST', body: JSON.stringify(wish) })
      expect(made.status).toBe(201)
      return (made.body as { body: NewApiKey }).body
    }
    const userIdOf = async (person: Person) =>
      ((await person.call('/api/v1/me')).body as { body: { userId: string } }).body.userId
    const withKey = ({ secret }: NewApiKey) => createPerson(office().url, secret)

    async function listRoutes(): Promise<Route[]> {
      const reply = await fetch(new URL('/openapi.json', office().url))
      const { paths } = (await reply.json()) as { paths: Record<string, Record<string, { security: unknown[] }>> }
      const socket = { '/api/v1/chat': { get: { security: [{}] } } } // Not in the document, because it is a WebSocket.
      return Object.entries({ ...paths, ...socket }).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { security }]) => ({
          name: `${method.toUpperCase()} ${path}`,
          method: method.toUpperCase(),
          path: path.replace(/\{\w+\}/g, '9b2f3f6e-6a3f-4a53-9c5d-0d6f4a6f2f10'),
          isPublic: security.length === 0,
        })),
      )
    }

    /** The routes that let a key in, whatever they say to it then. */
    async function listOpen({ secret }: NewApiKey, routes: Route[]): Promise<string[]> {
      const open: string[] = []
      for (const { name, method, path } of routes) {
        // A body that is no JSON: what gets past the guard ends there, and nothing is changed.
        const headers = {
          authorization: `Bearer ${secret}`,
          ...(/P/.test(method) && { 'content-type': 'application/json' }),
        }
        const sent = { method, headers, ...(/P/.test(method) && { body: 'not json' }) }
        const reply = await fetch(new URL(path, office().url), { ...sent, signal: AbortSignal.timeout(20_000) })
        const isRefused = /"code":"(API_KEY_SCOPE|API_KEY_NOT_TAKEN)"/.test(await reply.text())
        expect([name, reply.status]).toEqual([name, isRefused ? 403 : expect.not.toBeOneOf([401, 403])])
        if (!isRefused) open.push(name)
      }
      return open
    }

    test.each([
      ['ask', 'hyerim', ['employee', 'admin']],
      ['sync', 'hyerim', ['employee', 'admin']],
      ['audit', 'bonseok', ['employee', 'auditor']],
      ['training', 'hyerim', ['employee', 'admin']],
    ] as const)('for %s open the routes of that scope and no other', async (scope, login, roles) => {
      const ownerId = await userIdOf(await office().signIn(login))
      const machine = await make({ ownerId, roles: [...roles], scopes: [scope] })
      const routes = (await listRoutes()).filter(({ isPublic }) => !isPublic)
      expect(routes.length).toBeGreaterThan(15)
      expect((await listOpen(machine, routes)).toSorted()).toEqual(openToKeys[scope].toSorted())
      expect(Object.keys(openToKeys)).toEqual([...scopes])
    })

    test('read what their owner may, and keep to themselves what was asked', async () => {
      const minsu = await office().signIn('minsu')
      const machine = withKey(await make({ ownerId: await userIdOf(minsu), roles: ['employee', 'sales'] }))
      const [own, byKey] = [await minsu.ask('이번 달 매출 얼마야?'), await machine.ask('이번 달 매출 얼마야?')]
      const textOf = ({ turn }: typeof own) => JSON.stringify(turn.answer).replace(/"asOf":"[^"]*"/g, '')
      expect(textOf(byKey)).toBe(textOf(own))
      expect((await machine.call(`/api/v1/conversations/${own.conversationId}`)).status).toBe(404)
      expect((await minsu.call(`/api/v1/conversations/${byKey.conversationId}`)).status).toBe(404)
      const narrow = withKey(await make({ ownerId: await userIdOf(minsu), roles: ['employee'] }))
      expect((await narrow.ask('이번 달 매출 얼마야?')).turn.answer.kind).toBe('not-allowed')
    })

    test('chat over a WebSocket', async () => {
      const { secret } = await make({})
      const socket = new WebSocket(`${office().url.replace('http', 'ws')}/api/v1/chat`, {
        headers: { 'x-api-key': secret },
      })
      await once(socket, 'open')
      socket.send(JSON.stringify({ type: 'ask', requestId: '1', text: '안녕' }))
      const types: string[] = []
      while (types.at(-1) !== 'answer') types.push(JSON.parse(String((await once(socket, 'message'))[0])).body.type)
      expect(types).toContain('accepted')
      socket.close()
    })

    test('serve the command line in place of a sign-in', async () => {
      const { secret } = await make({})
      const tool = async (key: string) =>
        await run(process.execPath, ['src/cli/ask.ts', '안녕', '--url', office().url, '--password', 'not it'], {
          env: { ...process.env, ERP_CHATBOT_API_KEY: key },
        }).catch((failed: { stderr: string }) => failed)
      expect((await tool(secret)) as { stdout: string }).toMatchObject({
        stdout: expect.stringMatching(/\S/),
        stderr: '',
      })
      expect((await tool(`${secret.slice(0, -4)}aaaa`)).stderr).toContain('TOKEN_INVALID')
    })

    test('work as docs/api-keys.md says', async () => {
      const page = readFileSync('docs/api-keys.md', 'utf8')
      const [, table = ''] = /\| scope \| opens \|\n(.+?)\n\n/s.exec(page) ?? []
      expect([...table.matchAll(/^\| `(\w+)`/gm)].map(([, scope]) => scope)).toEqual([...scopes])
      const examples = new Map(
        [...page.matchAll(/<!-- test: (\w+) -->\n```sh\n([\s\S]*?)\n```/g)].map(([, name = '', code = '']) => [
          name,
          code,
        ]),
      )
      const variables: Record<string, string> = { URL: office().url, TOKEN: admin.token, EXPIRES_AT: inDays(90) }
      const follow = async (name: string) => {
        const { stdout } = await run('bash', ['-ec', examples.get(name) ?? 'exit 1'], {
          env: { PATH: process.env.PATH, ...variables },
        })
        return (JSON.parse(stdout) as { body: unknown }).body
      }
      const made = (await follow('create')) as NewApiKey
      Object.assign(variables, { KEY: made.secret, ID: made.key.id })
      expect(await follow('use')).toMatchObject({ name: '우혜림', roles: ['employee'] })
      expect(await follow('ask')).toMatchObject({ turn: { answer: expect.anything() } })
      const { keys } = (await follow('list')) as { keys: ApiKeyBody[] }
      expect(keys.find(({ id }) => id === made.key.id)).toMatchObject({ name: 'Sales dashboard', state: 'active' })
      const rotated = (await follow('rotate')) as NewApiKey
      variables.KEY = rotated.secret
      expect(await follow('use')).toMatchObject({ name: '우혜림' })
      expect(await follow('revoke')).toMatchObject({ key: { id: made.key.id, state: 'revoked' } })
      const refused = await run('bash', ['-ec', examples.get('use') ?? ''], {
        env: { PATH: process.env.PATH, ...variables },
      })
      expect(JSON.parse(refused.stdout).error.code).toBe('API_KEY_REVOKED')
      expect([...examples.keys()].sort()).toEqual(['ask', 'create', 'list', 'revoke', 'rotate', 'use'])
    })
  })
}
