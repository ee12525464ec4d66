import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { fillPath, type Operation, readApiDocument } from '../../support/api-document.ts'
import type { TestOffice } from '../../support/office.ts'
import { permitted, routeAccess } from '../../support/route-access.ts'
import { sendRaw } from '../../support/send-raw.ts'

/** One of each kind that must not be found anywhere afterwards, in a form that no other data has. */
const digits = (count: number) => String(randomBytes(6).readUIntBE(0, 6)).padStart(count, '7').slice(-count)
const canaries = {
  token: `eyJhbGciOiJSUzI1NiJ9.${randomBytes(24).toString('base64url')}.${randomBytes(24).toString('base64url')}`,
  password: `Xq7!${randomBytes(9).toString('base64url')}`,
  'resident number': `870321-2${digits(6)}`,
  phone: `010-${digits(4)}-${digits(4)}`,
}
const kinds = Object.entries(canaries)

/** Secrets and personal numbers in every input of every route: nothing in the clear keeps or tells them. */
export function describeCanary(office: () => TestOffice): void {
  describe('a canary in every input', () => {
    const replies: Refused[] = []

    beforeAll(async () => {
      const { operations } = await readApiDocument(office().url)
      const people = new Map<string, string>()
      for (const login of ['hyerim', 'bonseok', 'minsu']) people.set(login, (await office().signIn(login)).token)
      for (const operation of operations) {
        const token = people.get(permitted[routeAccess[operation.route] ?? '']?.[0] ?? 'minsu') ?? ''
        replies.push(...(await plantAll(office().url, operation, token)))
      }
      for (const canary of Object.values(canaries)) {
        await askAbout(office(), canary)
        await office()
          .signIn(canary)
          .catch(() => undefined)
      }
    }, 120_000)

    const findIn = (text: string) =>
      kinds.filter(([, canary]) => spell(canary).some((one) => text.includes(one))).map(([kind]) => kind)

    test('no answer of an error has it in it', () => {
      expect(replies.length).toBeGreaterThan(200)
      expect(replies.flatMap(({ where, text }) => findIn(text).map((kind) => `${where}: ${kind}`))).toEqual([])
    })

    test('no log of ours has it, at the level of debugging', () => {
      const logs = readdirSync(office().logsDir).filter((name) => /^(service|http|nlu|worker|postgres)/.test(name))
      expect(logs.length).toBeGreaterThan(0)
      const found = logs.flatMap((name) => {
        const lines = readFileSync(join(office().logsDir, name), 'utf8').split('\n')
        return lines.flatMap((line) => findIn(line).map((kind) => `${name}: ${kind}: ${line.slice(0, 400)}`))
      })
      expect(found).toEqual([])
    })

    test('no metric has it', async () => {
      expect(findIn(await (await fetch(new URL('/metrics', office().url))).text())).toEqual([])
    })

    test('no column of the database has it in the clear, the audit trail’s included', async () => {
      const database = new pg.Client({ connectionString: office().databaseUrl })
      await database.connect()
      const { rows: tables } = await database.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')`,
      )
      const { rows: control } = await database.query(
        `select from auth_users as t where position('김민수' in t::text) > 0`,
      )
      expect(control).toHaveLength(1)
      const found: string[] = []
      for (const { name } of tables) {
        for (const [kind, canary] of kinds) {
          for (const text of spell(canary)) {
            const { rows } = await database.query<{ n: number }>(
              `select count(*)::int as n from ${name} as t
               where position($1 in t::text) > 0 or position($2 in t::text) > 0`,
              [text, Buffer.from(text).toString('hex')],
            )
            if (rows[0]?.n) found.push(`${name}: ${kind}`)
          }
        }
      }
      await database.end()
      expect(tables.map(({ name }) => name)).toContain('public.audit_log')
      expect(found).toEqual([])
    })
  })
}

/** The ways in which a text may come to lie somewhere. */
function spell(canary: string): string[] {
  return [
    ...new Set([canary, encodeURIComponent(canary), canary.replaceAll('-', ''), JSON.stringify(canary).slice(1, -1)]),
  ]
}

type Refused = { where: string; text: string }

async function plantAll(url: string, operation: Operation, token: string): Promise<Refused[]> {
  const refused: Refused[] = []
  for (const [kind, canary] of kinds) {
    for (const [place, text] of await plant(url, operation, { canary, token }))
      refused.push({ where: `${operation.route}, ${kind} in ${place}`, text })
  }
  return refused
}

async function askAbout(office: TestOffice, canary: string): Promise<void> {
  const asker = await office.signIn('minsu')
  const names = ['code', 'state', 'iss', 'error', 'error_description']
  const query = names.map((name) => `${name}=${encodeURIComponent(canary)}`).join('&')
  for (const cookie of ['', `sign-in=${encodeURIComponent(canary)}`])
    await fetch(new URL(`/auth/callback?${query}`, office.url), { headers: { cookie }, redirect: 'manual' })
  for (const text of [canary, `${canary} 거래처 이번 달 매출`, `담당자 ${canary} 매출 상위 5개`]) {
    const { conversationId } = await asker.ask(text)
    // It is kept, for its owner: what is looked for below is there, but sealed.
    expect((await asker.conversation(conversationId)).turns[0]?.question).toBe(text)
  }
  await askOverSocket(office.url, asker.token, canary)
}

/** Puts `canary` into each input of a route in turn; what each place was answered when it was refused. */
async function plant(
  url: string,
  { method, path, parameters, body }: Operation,
  { canary, token }: { canary: string; token: string },
): Promise<[string, string][]> {
  const id = '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11'
  const plain = fillPath(path, () => id)
  const bearer = { authorization: `Bearer ${token}` }
  const json = { ...bearer, 'content-type': 'application/json' }
  const encoded = encodeURIComponent(canary)
  const refused: [string, string][] = []
  const send = async (place: string, request: { path?: string; headers?: Record<string, string>; body?: string }) => {
    const { status, text } = await sendRaw(url, { method, path: plain, headers: bearer, body: undefined, ...request })
    if (status >= 400) refused.push([place, text])
  }
  for (const { name, in: place } of parameters) {
    if (place === 'path') await send(name, { path: fillPath(path, (one) => (one === name ? encoded : id)) })
    if (place === 'query') await send(name, { path: `${plain}?${name}=${encoded}` })
  }
  await send('an unknown parameter', { path: `${plain}?${encoded}=${encoded}` })
  await send('the path', { path: `${plain}/${encoded}` })
  for (const name of [
    'user-agent',
    'traceparent',
    'accept-language',
    'origin',
    'x-api-key',
    'x-forwarded-for',
    'referer',
    'content-type',
  ])
    await send(name, { headers: { ...bearer, [name]: canary } })
  await send('authorization', { headers: { authorization: `Bearer ${canary}` } })
  await send('authorization', {
    headers: { authorization: `Basic ${Buffer.from(`minsu:${canary}`).toString('base64')}` },
  })
  await send('cookie', { headers: { cookie: `access=${canary}; refresh=${canary}; sign-in=${canary}` } })
  if (method === 'GET') return refused
  const names = [...Object.keys(body?.properties ?? {}), 'surplus', canary]
  for (const name of names) await send(name, { headers: json, body: JSON.stringify({ text: '매출', [name]: canary }) })
  for (const text of [JSON.stringify(canary), canary, `{"text": ${canary}}`])
    await send('the body', { headers: json, body: text })
  return refused
}

/** A question and two frames that are none, each with the canary in it; resolves when all were answered. */
function askOverSocket(url: string, token: string, canary: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  const socket = new WebSocket(new URL('/api/v1/chat', url.replace('http', 'ws')), { headers })
  const frames = [
    { type: 'ask', requestId: 'q', text: canary },
    { type: canary },
    { type: 'ask', requestId: canary, text: 1 },
  ]
  let ends = 0
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () => {
      for (const frame of frames) socket.send(JSON.stringify(frame))
    })
    socket.on('message', (data) => {
      const { body } = JSON.parse(String(data)) as { body: { type: string } }
      if (['answer', 'error'].includes(body.type)) ends += 1
      if (ends < frames.length) return
      socket.close()
      resolve()
    })
  })
}
