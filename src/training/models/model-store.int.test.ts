import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type BuiltInModels, featureCodeVersion, IntentModel, openBuiltInModels } from '#nlu'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { followServedModel } from '../index.ts'
import { log } from '../training-fixture.ts'
import { encodeModel } from './load-model.ts'
import { testModelStore } from './model-store.contract.ts'
import { createPostgresModelStore } from './model-store.postgres.ts'
import type { ModelStore } from './model-store.ts'
import { serveModels } from './serve-models.ts'

let db: TestDatabase
let store: ModelStore
beforeEach(async () => {
  db = await createTestDatabase()
  store = createPostgresModelStore(db.database)
})
afterEach(() => db.drop())

testModelStore(() => store)

const builtIn: BuiltInModels = openBuiltInModels()
const made = { trainer: 'built-in', datasetHash: 'data', parent: null, jobId: null, createdBy: null }

/** A model like the built-in one under another version. */
async function addModel(number: number, codeVersion: string) {
  const { parts } = builtIn.requests
  const model = new IntentModel({ ...parts, facts: { ...parts.facts, number } })
  return await store.add({ ...made, codeVersion }, encodeModel(model))
}

test('a stored model cannot be changed, and one that was changed all the same is not used', async () => {
  const { modelId } = await addModel(1, 'code')
  const change = () => sql`update training_models set file = 'other'::bytea`.execute(db.database.kysely)
  await expect(change()).rejects.toThrow('a model version never changes')
  await sql`alter table training_models disable trigger all`.execute(db.database.kysely)
  await change()
  await expect(store.readContent(modelId)).rejects.toMatchObject({ spec: { code: 'TRAINING_MODEL_TAMPERED' } })
  await using models = await serveModels({ store, builtIn, codeVersion: 'code', log, everyMs: 20 })
  await store.deploy({ modelId, by: null })
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(models.version()).toBe(builtIn.version)
})

test('deployments and rollbacks reach every process that reads, without training', async () => {
  const { modelId } = await addModel(1, featureCodeVersion())
  const { database } = db
  const everyMs = 60_000
  await using one = await followServedModel({ database, log, builtIn, everyMs })
  await using other = await followServedModel({ database, log, builtIn, everyMs })
  const versions = () => [one.version(), other.version()]
  expect(versions()).toEqual([builtIn.version, builtIn.version])
  // Told by NOTIFY: no poll comes within this test. Listening takes a moment to begin.
  await vi.waitFor(
    async () => {
      await store.deploy({ modelId, by: null })
      expect(versions()).toEqual([modelId, modelId])
    },
    { timeout: 5_000, interval: 50 },
  )
  await store.rollback({ by: null })
  await vi.waitFor(() => expect(versions()).toEqual([builtIn.version, builtIn.version]), { timeout: 2_000 })
})

test('a canary reads its share of the texts, and the same text always the same', async () => {
  const { modelId } = await addModel(1, 'code')
  await store.startTrial({ kind: 'canary', modelId, share: 0.3, by: null })
  await using models = await serveModels({ store, builtIn, codeVersion: 'code', log })
  const texts = Array.from({ length: 1_000 }, (_, i) => `질문 ${i}`)
  const read = () => texts.map((text) => models.choose(text).version)
  const first = read()
  expect(read()).toEqual(first)
  const share = first.filter((version) => version === modelId).length / texts.length
  expect(share).toBeGreaterThan(0.25)
  expect(share).toBeLessThan(0.35)
})

test('names are guessed by the built-in model that was read last, whichever model reads the request', async () => {
  const { modelId } = await addModel(1, 'code')
  await store.deploy({ modelId, by: null })
  await using models = await serveModels({ store, builtIn, codeVersion: 'code', log })
  const guess = () => models.choose('질문').guessName('한빛상사')
  const before = guess()
  // Any other model will do: what it was trained on shows.
  models.setBuiltIn({ ...builtIn, names: builtIn.requests })
  expect(models.version()).toBe(modelId)
  expect(guess().map(({ kind }) => kind)).not.toEqual(before.map(({ kind }) => kind))
})

test('a model that was evaluated under other code does not read', async () => {
  const { modelId } = await addModel(1, 'other code')
  await store.deploy({ modelId, by: null })
  await using models = await serveModels({ store, builtIn, codeVersion: 'code', log })
  expect(models.version()).toBe(builtIn.version)
})

test('old versions go, but none that serves or that a rollback needs', async () => {
  const added = []
  for (let i = 0; i < 6; i += 1) added.push((await addModel(i, 'code')).modelId)
  const [first = '', second = '', third = ''] = added
  await store.deploy({ modelId: first, by: null })
  await store.deploy({ modelId: second, by: null })
  await store.startTrial({ kind: 'canary', modelId: third, share: 0.1, by: null })
  await sql`alter table training_models disable trigger all`.execute(db.database.kysely)
  await sql`update training_models set created_at = now() - interval '2 hours'`.execute(db.database.kysely)
  await store.removeOld(1)
  const left = (await store.list(100)).map(({ modelId }) => modelId)
  expect(left).toEqual(expect.arrayContaining([first, second, third]))
  expect(left.length).toBeLessThanOrEqual(4)
})
