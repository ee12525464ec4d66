import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPostgresUserStore } from '#auth'
import { createNotify, emailQueue, type Mailer } from '#notify'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createPostgresQueue, type MessageQueue, type Queue } from '#platform/queue'
import { createTestDatabase, type TestDatabase } from '../test/support/test-database.ts'
import { openTrainingParts } from './wiring-training.ts'

const log = createLogger({ level: 'silent', role: 'test' })
let db: TestDatabase
let queue: MessageQueue
beforeAll(async () => {
  db = await createTestDatabase()
  queue = await createPostgresQueue({
    ...{ database: db.database, queues: [emailQueue as Queue], log, metrics: createMetrics() },
  })
})
afterAll(async () => {
  await queue?.[Symbol.asyncDispose]()
  await db.drop()
})

async function openParts() {
  const { database } = db
  const metrics = createMetrics()
  const cipher = createFieldCipher(createFileKeyService(join(await mkdtemp(join(tmpdir(), 'keepers-')), 'key')))
  const users = createPostgresUserStore(database)
  const notify = createNotify({
    ...{
      database,
      queue,
      cipher,
      templatesDir: 'notify-templates',
      log,
      metrics,
      audit: { recordWith: async () => undefined },
    },
    mailer: { deadlineMs: 1_000 } as Mailer,
  })
  const findPerson = async (userId: string) => {
    const user = await users.findUser(userId)
    return user && { actor: { ...user, language: user.language ?? ('ko' as const) }, disabled: user.disabled }
  }
  const parts = { database, cipher, log, metrics, notify, auth: { findPerson }, publicUrl: 'https://chat.example.com' }
  return openTrainingParts({
    ...(parts as unknown as Parameters<typeof openTrainingParts>[0]),
    ...{ config: { training: {} } as never, keeperRoles: ['admin'], hasMail: true, hasPush: false },
  })
}

const mails = async () => {
  const { rows } = await sql<{ language: string; requested_by: string }>`
    select language, requested_by from email_requests order by language`.execute(db.database.kysely)
  return rows.map(({ language, requested_by }) => `${requested_by} ${language}`)
}

test('those whose role permits training are told by mail in the transaction of what happened, and nobody else', async () => {
  const { database } = db
  const users = createPostgresUserStore(database)
  const person = { issuer: 'https://idp.example', name: '이름', department: '관리' }
  const signIn = (subject: string, roles: ['admin'] | ['sales'], language: 'ko' | 'en') =>
    users.saveSignIn({ ...person, subject, email: `${subject}@example.com`, roles, language }, new Date())
  await signIn('one', ['admin'], 'ko')
  await signIn('two', ['admin'], 'en')
  await signIn('three', ['sales'], 'en')
  const { tellKeepers } = await openParts()
  const news = { kind: 'refused', id: '7', model: '3f9c0d2a7b1e8842', reasons: ['golden, exact: 1, 0.9'] } as const
  const tell = async (transaction: Kysely<unknown>) => await tellKeepers?.(news, transaction)
  const failing = database.kysely.transaction().execute(async (transaction) => {
    await tell(transaction)
    throw new Error('it did not happen')
  })
  await expect(failing).rejects.toThrow('it did not happen')
  expect(await mails()).toEqual([])
  await database.kysely.transaction().execute(tell)
  // What is done again after a failure tells nobody twice.
  await database.kysely.transaction().execute(tell)
  expect(await mails()).toEqual(['training en', 'training ko'])
})
