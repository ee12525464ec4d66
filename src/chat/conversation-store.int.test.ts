import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFieldCipher, createFileKeyService, type FieldCipher } from '#platform/encryption'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { testConversationStore } from './conversation-store.contract.ts'
import { createPostgresConversationStore } from './conversation-store.postgres.ts'

let db: TestDatabase
let cipher: FieldCipher

beforeAll(async () => {
  db = await createTestDatabase()
  cipher = createFieldCipher(createFileKeyService(join(await mkdtemp(join(tmpdir(), 'chat-')), 'key')))
})
afterAll(() => db.drop())

const open = () => createPostgresConversationStore({ database: db.database, cipher })

testConversationStore(open)

test('nothing a person wrote or was told is readable in the database', async () => {
  const store = open()
  const askedAt = new Date()
  const added = await store.addQuestion({
    owner: 'somi',
    conversationId: undefined,
    question: 'SECRET-QUESTION',
    askedAt,
    traceId: 't',
  })
  const answer = { kind: 'answered', language: 'ko', text: 'SECRET-ANSWER', chips: [], prompts: [] } as const
  await store.addAnswer(
    { owner: 'somi', ...added },
    {
      answer: { ...answer, chips: [], prompts: [] },
      timing: { total: 1 },
    },
  )
  const state = { lastQuery: { entity: 'SECRET-STATE', measures: [] } }
  await store.writeState('somi', added.conversationId, { state, version: 0 })
  const { rows } = await sql<{ all: string }>`
    select encode(c.title, 'escape') || encode(c.state, 'escape') || encode(t.question, 'escape') || encode(t.answer, 'escape') as all
    from conversations c join turns t using (conversation_id) where conversation_id = ${added.conversationId}
  `.execute(db.database.kysely)
  expect(rows[0]?.all).toBeTruthy()
  expect(rows[0]?.all).not.toContain('SECRET')
})

test('a rating is of the model that read the question', async () => {
  const store = open()
  const question = { owner: 'rater', conversationId: undefined, question: 'q', askedAt: new Date(), traceId: 't' }
  const place = { owner: 'rater', ...(await store.addQuestion(question)) }
  const answer = { kind: 'answered' as const, language: 'ko' as const, text: 'a', chips: [], prompts: [] }
  await store.addAnswer(place, { answer, timing: {}, reading: { kind: 'answered', model: 'm1' } })
  expect(await store.rateTurn(place, { rating: 'down' })).toEqual({ model: 'm1' })
})

test('a text moved to another turn does not open', async () => {
  const store = open()
  const ask = { owner: 'mover', conversationId: undefined, question: 'q', askedAt: new Date(), traceId: 't' }
  const first = await store.addQuestion(ask)
  const second = await store.addQuestion(ask)
  await sql`update turns set question = (select question from turns where turn_id = ${first.turnId}) where turn_id = ${second.turnId}`.execute(
    db.database.kysely,
  )
  await expect(store.readTurn({ owner: 'mover', ...second })).rejects.toThrow()
})
