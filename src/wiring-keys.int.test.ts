import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addMasterKey, createFieldCipher, createFileKeyService, removeMasterKey } from '#platform/encryption'
import { countSealed, type RewrapReport, rewrapValues } from '#platform/rewrap'
import { createTestDatabase, type TestDatabase } from '../test/support/test-database.ts'
import { sealedColumns } from './wiring-keys.ts'

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
  return { database: db.database, keys, cipher: createFieldCipher(keys), columns: sealedColumns }
}
type Tools = ReturnType<typeof open>
type SealAt = (table: string, column: string, row: string) => Promise<Buffer>

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
  await sql`insert into auth_sessions (session_id, record, marks, expires_at, used_at)
    values (${sessionId}, ${await at('auth_sessions', 'record', sessionId)}, '{}', now(), now())`.execute(kysely)
  await sql`insert into auth_refresh_tokens (token_hash, session_id, successor)
    values ('hash', ${sessionId}, ${await at('auth_refresh_tokens', 'successor', 'hash')})`.execute(kysely)
  await fillReasons(kysely, at)
  await fillMail(kysely, at)
  return ids
}

/** Somebody who is shut out and had been given a role. */
async function fillReasons(kysely: Tools['database']['kysely'], at: SealAt): Promise<void> {
  const user = randomUUID()
  await sql`insert into auth_users (user_id, issuer, subject, name, department, email, roles, signed_in_at, disabled_reason)
    values (${user}, 'i', 's', '', '', '', '{}', now(), ${await at('auth_users', 'disabled_reason', user)})`.execute(
    kysely,
  )
  await sql`insert into auth_role_decisions (user_id, role, kind, decided_by, decided_at, reason)
    values (${user}, 'sales', 'granted', ${user}, now(), ${await at('auth_role_decisions', 'reason', `${user}/sales`)})`.execute(
    kysely,
  )
}

/** A request with an attachment to one address, which is suppressed since. */
async function fillMail(kysely: Tools['database']['kysely'], at: SealAt): Promise<void> {
  const [request, email, hash] = [randomUUID(), randomUUID(), Buffer.from('address')]
  await sql`insert into email_requests (request, requested_by, template, version, language, content, attachments)
    values (${request}, 'me', 'notice', 1, 'ko', ${await at('email_requests', 'content', request)},
      ${await at('email_requests', 'attachments', request)})`.execute(kysely)
  await sql`insert into emails (email, request, part, state) values (${email}, ${request}, 0, 'requested')`.execute(
    kysely,
  )
  await sql`insert into email_recipients (email, position, kind, address, address_hash, state)
    values (${email}, 0, 'to', ${await at('email_recipients', 'address', `${email}/0`)}, ${hash}, 'requested')`.execute(
    kysely,
  )
  await sql`insert into email_suppressions (address_hash, address, reason)
    values (${hash}, ${await at('email_suppressions', 'address', hash.toString('hex'))}, 'bounce')`.execute(kysely)
  await sql`insert into email_hash_key (key) values (${await at('email_hash_key', 'key', 'true')})`.execute(kysely)
}

async function readAll({ cipher, database }: Tools): Promise<string[]> {
  const texts: string[] = []
  for (const { table, column, rowKey } of sealedColumns) {
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

// Entries of the audit trail lie under keys of its own, which are sealed; a model's file says nothing of anybody.
test('every sealed column of the schema is known: a bytea is sealed, a hash or a mark, or the file of a model', async () => {
  const { rows } = await sql<{ place: string }>`
    select table_name || '.' || column_name as place from information_schema.columns
    where table_schema = 'public' and data_type = 'bytea' and column_name !~ '(hash|mark|file)$'
      and (table_name, column_name) <> ('audit_log', 'sealed') order by 1`.execute(db.database.kysely)
  expect(rows.map(({ place }) => place)).toEqual(sealedColumns.map(({ table, column }) => `${table}.${column}`).sort())
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
    expect(reports.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(3 * 450 + 11)
    expect(await masters(tools)).toEqual(new Set([newId]))
    await removeMasterKey(path, oldId)
    expect(await readAll(open())).toHaveLength(3 * 450 + 11)
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
    expect(reports.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(3 * 300 + 11 - 250)
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
