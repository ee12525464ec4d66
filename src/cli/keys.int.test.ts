import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyAudit } from '#audit'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'

let folder: string
let keyFile: string
let db: TestDatabase
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'erp-chatbot-keys-cli-'))
  keyFile = join(folder, 'service.key')
  db = await createTestDatabase()
})
afterAll(async () => {
  await db.drop()
  await rm(folder, { recursive: true })
})

/** Runs `npm run -s keys -- …args` as an operator would. */
const keys = (...args: string[]) =>
  new Promise<{ code: number; out: string; error: string }>((resolve) => {
    const env = { PATH: process.env.PATH, DATABASE_URL: db.url, KEY_FILE: keyFile }
    execFile(process.execPath, ['src/cli/keys.ts', ...args], { env }, (failure, out, error) =>
      resolve({ code: Number(failure?.code ?? 0), out, error }),
    )
  })
const masterKeys = async (): Promise<string[]> =>
  JSON.parse(await readFile(keyFile, 'utf8')).keys.map(({ id }: { id: string }) => id)

test('signing keys are listed, changed, and withdrawn in an emergency', async () => {
  expect((await keys()).out).toMatch(/No signing key yet/)
  await keys('rotate', '--now')
  const [, first] = /^(\S+) {2}signing/m.exec((await keys('list')).out) ?? []
  const rotated = await keys('rotate')
  expect(rotated.out).toMatch(new RegExp(`^${first}  signing .*retires`, 'm'))
  expect(rotated.out).toMatch(/published/)
  const { out } = await keys('rotate', '--now')
  expect(out.match(/ retired /g)).toHaveLength(2)
  expect(out.match(/ signing /g)).toHaveLength(1)
})

test('a master key is replaced step by step, and dropped when nothing hangs on it', async () => {
  const place = { table: 'auth_sign_ins', column: 'record', row: 'key' }
  const sealed = await createFieldCipher(createFileKeyService(keyFile)).encrypt('text', place)
  await sql`insert into auth_sign_ins values ('key', ${sealed}, now())`.execute(db.database.kysely)
  const [old = ''] = await masterKeys()
  expect(await keys('status')).toMatchObject({
    code: 0,
    out: expect.stringContaining(`under the current master key, ${old}`),
  })

  const { id } = { id: JSON.parse((await keys('new-master', '--standby', '--json')).out).masterKeyId }
  expect((await keys('status')).out).toContain(`current master key, ${old}`)
  expect((await keys('use-master', id)).out).toContain(`${id} is the current one`)
  expect(await keys('drop-master', old)).toMatchObject({
    code: 1,
    error: expect.stringMatching(/4 values are still sealed under/),
  })
  expect(await keys('status')).toMatchObject({ code: 1, out: expect.stringMatching(/4 values are still sealed/) })
  expect(await keys('rewrap')).toMatchObject({ code: 0, out: expect.stringMatching(/private_key +3 sealed anew/) })
  expect((await keys('drop-master', old)).out).toContain('was removed')
  expect(await masterKeys()).toEqual([id])
  expect((await keys('list')).out).toMatch(/ signing /)

  const { rows } = await sql<{
    action: string
  }>`select action from audit_log where action like 'master%' order by id`.execute(db.database.kysely)
  expect(rows.map(({ action }) => action.split('.')[1])).toEqual([
    'new-master',
    'use-master',
    'drop-master',
    'rewrap',
    'drop-master',
  ])
  expect(await verifyAudit(db.database)).toMatchObject({ kind: 'intact' })
})

test('what cannot be done is one sentence', async () => {
  expect(await keys('sing')).toMatchObject({ code: 1, error: expect.stringMatching(/^Usage: npm run -s keys/) })
  expect(await keys('drop-master')).toMatchObject({ code: 1, error: expect.stringMatching(/^Usage/) })
  expect(await keys('use-master', '00000000')).toMatchObject({
    code: 1,
    error: expect.stringMatching(/no master key 00000000/),
  })
})
