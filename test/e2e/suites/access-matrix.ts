import { randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Operation } from '../../support/api-document.ts'
import { accessOf, isOpenTo, knockAt, listOperations, type Machine, makeKeys } from '../../support/callers.ts'
import type { Person, TestOffice } from '../../support/office.ts'
import { permitted, routeAccess } from '../../support/route-access.ts'

const logins = ['somi', 'minsu', 'sejin', 'sanghyun', 'hyerim', 'bonseok']

/** Everyone at every route that the product says it has: who is let in; whose data they reach is tested with `own-things.ts`. */
export function describeAccess(office: () => TestOffice): void {
  describe('access', () => {
    const people = new Map<string, Person>()
    let secrets: Map<Machine, string>
    let documented: Operation[]
    let operations: Operation[]

    beforeAll(async () => {
      ;({ documented, operations } = await listOperations(office().url))
      for (const login of logins) people.set(login, await office().signIn(login))
      secrets = await makeKeys(office())
    }, 60_000)

    const knock = (operation: Operation, token: string | undefined) =>
      knockAt(office().url, operation, { token, fill: () => randomUUID() })
    const isAllowed = (login: string, access: string) =>
      access === 'public' || access === 'signed-in' || (permitted[access]?.includes(login) ?? false)

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
      const [head, body] = (await office().signIn('eunbi')).token.split('.')
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
  })
}

async function setDisabled(databaseUrl: string, name: string, disabled: boolean): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  await database.query('update auth_users set disabled = $2 where name = $1', [name, disabled])
  await database.end()
}
