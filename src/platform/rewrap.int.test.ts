import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sealedAuditColumns } from '#audit'
import { sealedAuthColumns } from '#auth'
import { sealedChatColumns } from '#chat'
import { addMasterKey, createFieldCipher, createFileKeyService, removeMasterKey } from '#platform/encryption'
import { countSealed, type RewrapReport, rewrapValues } from '#platform/rewrap'
import { sealedSubscriptionColumns } from '#subscriptions'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'

const all = [...sealedAuditColumns, ...sealedAuthColumns, ...sealedChatColumns, ...sealedSubscriptionColumns]
const columns = [...sealedAuthColumns, ...sealedChatColumns]
let folder: string
let path: string
const sessionId = randomUUID()
let db: TestDatabase
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'erp-chatbot-rewrap-'))
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  db = await createTestDatabase()
  path = join(folder, `${randomUUID()}.json`)
  return () => db.drop()
})

/** The tools of a process that starts now. */
const open = () => {
  const keys = createFileKeyService(path)
  return { database: db.database, keys, cipher: createFieldCipher(keys), columns }
}
type Tools = ReturnType<typeof open>

/** Conversations with a turn each, a signing key, a sign-in and a rotated token, as their stores keep them. */
async function fill({ cipher, database: { kysely } }: Tools, conversations: number): Promise<string[]> {
  const ids = Array.from({ length: conversations }, () => randomUUID())
  const at = (table: string, column: string, row: string) =>
    cipher.encrypt(`${table}.${column} ${row}`, { table, column, row })
  for (const id of ids) {
    const turn = randomUUID()
    await sql`insert into conversations (conversation_id, owner_id, title, state, updated_at)
      values (${id}, 'me', ${await at('conversations', 'title', id)}, ${await at('conversations', 'state', id)}, now())`.execute(
      kysely,
    )
    await sql`insert into turns (turn_id, conversation_id, position, question, answer, trace_id, asked_at)
      values (${turn}, ${id}, 1, ${await at('turns', 'question', turn)}, null, 'trace', now())`.execute(kysely)
  }
  await sql`insert into auth_signing_keys values ('kid', '{}', ${await at('auth_signing_keys', 'private_key', 'kid')}, now(), null)`.execute(
    kysely,
  )
  await sql`insert into auth_sign_ins values ('key', ${await at('auth_sign_ins', 'record', 'key')}, now())`.execute(
    kysely,
  )
  await sql`insert into auth_sessions (session_id, record, marks, expires_at)
    values (${sessionId}, ${await at('auth_sessions', 'record', sessionId)}, '{}', now())`.execute(kysely)
  await sql`insert into auth_refresh_tokens (token_hash, session_id, successor)
    values ('hash', ${sessionId}, ${await at('auth_refresh_tokens', 'successor', 'hash')})`.execute(kysely)
  return ids
}

async function readAll({ cipher, database }: Tools): Promise<string[]> {
  const texts: string[] = []
  for (const { table, column, rowKey } of columns) {
    const { rows } = await sql<{ row: string; sealed: Buffer }>`
      select ${sql.ref(rowKey)}::text as row, ${sql.ref(column)} as sealed from ${sql.table(table)}
      where ${sql.ref(column)} is not null`.execute(database.kysely)
    for (const { row, sealed } of rows) {
      expect(await cipher.decrypt(sealed, { table, column, row })).toBe(`${table}.${column} ${row}`)
      texts.push(row)
    }
  }
  return texts
}

const rewrap = async (tools: Tools) => {
  const reports: RewrapReport[] = []
  await rewrapValues(tools, (report) => reports.push(report))
  return reports
}
const masters = async (tools: Tools) => new Set((await countSealed(tools)).map(({ masterKeyId }) => masterKeyId))

test('every sealed column of the schema is known: a bytea is sealed, a hash or a mark', async () => {
  const { rows } = await sql<{ place: string }>`
    select table_name || '.' || column_name as place from information_schema.columns
    where table_schema = 'public' and data_type = 'bytea' and column_name !~ '(hash|mark)$' order by 1`.execute(
    db.database.kysely,
  )
  expect(rows.map(({ place }) => place)).toEqual(all.map(({ table, column }) => `${table}.${column}`).sort())
})

describe('sealing everything anew', () => {
  test('leaves nothing under the old master key, which can then be removed', async () => {
    const first = open()
    await fill(first, 450)
    const oldId = await first.keys.currentKeyId()
    const newId = await addMasterKey(path)
    const tools = open()
    expect(await masters(tools)).toEqual(new Set([oldId]))
    const reports = await rewrap(tools)
    expect(reports.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(3 * 450 + 4)
    expect(await masters(tools)).toEqual(new Set([newId]))
    await removeMasterKey(path, oldId)
    expect(await readAll(open())).toHaveLength(3 * 450 + 4)
    expect((await rewrap(open())).every(({ sealed }) => sealed === 0)).toBe(true)
  })

  test('goes on where it was broken off, and is done by one at a time', async () => {
    await fill(open(), 300)
    const newId = await addMasterKey(path)
    const failing = open()
    let left = 250
    const cipher = {
      ...failing.cipher,
      encrypt: (...call: Parameters<typeof failing.cipher.encrypt>) =>
        left-- > 0 ? failing.cipher.encrypt(...call) : Promise.reject(new Error('away')),
    }
    const first = rewrap({ ...failing, cipher })
    await expect.poll(() => left).toBeLessThan(250)
    await expect(rewrap(open())).rejects.toThrow('REWRAP_RUNNING')
    await expect(first).rejects.toThrow('away')
    const tools = open()
    const reports = await rewrap(tools)
    expect(reports.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(3 * 300 + 4 - 250)
    expect(await masters(tools)).toEqual(new Set([newId]))
    await readAll(tools)
  })

  test('leaves what somebody writes meanwhile as they wrote it', async () => {
    const [id = ''] = await fill(open(), 1)
    await addMasterKey(path)
    const tools = open()
    const place = { table: 'conversations', column: 'title', row: id }
    const written = await tools.cipher.encrypt('new title', place)
    const cipher = {
      ...tools.cipher,
      encrypt: async (...call: Parameters<typeof tools.cipher.encrypt>) => {
        if (call[1].column === 'title')
          await sql`update conversations set title = ${written} where conversation_id = ${id}`.execute(
            db.database.kysely,
          )
        return await tools.cipher.encrypt(...call)
      },
    }
    const reports = await rewrap({ ...tools, cipher })
    expect(reports.find(({ column }) => column === 'title')).toMatchObject({ sealed: 0, passed: 1 })
    const { rows } = await sql<{ title: Buffer }>`select title from conversations`.execute(db.database.kysely)
    expect(await tools.cipher.decrypt(rows[0]!.title, place)).toBe('new title')
  })
})

describe('a value of a real table', () => {
  test('swapped with another row’s or another column’s does not open, and is reported and left', async () => {
    const tools = open()
    const [one = '', two = ''] = await fill(tools, 2)
    const { kysely } = db.database
    await sql`update conversations as a set title = b.title from conversations as b where a.conversation_id <> b.conversation_id`.execute(
      kysely,
    )
    await sql`update auth_sessions set record = successor from auth_refresh_tokens`.execute(kysely)
    await sql`update turns set answer = question`.execute(kysely)
    await addMasterKey(path)
    const reports = await rewrap(open())
    const unopened = Object.fromEntries(reports.map(({ table, column, unopened }) => [`${table}.${column}`, unopened]))
    expect(unopened['conversations.title']?.sort()).toEqual([one, two].sort())
    expect(unopened['auth_sessions.record']).toEqual([sessionId])
    expect(unopened['turns.answer']).toHaveLength(2)
    expect(unopened['conversations.state']).toEqual([])
    expect((await masters(open())).size).toBe(2)
  })
})
