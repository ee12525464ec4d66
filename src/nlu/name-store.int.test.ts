import { createTestDatabase } from '../../test/support/test-database.ts'
import { describeNameStore } from './name-store.contract.ts'
import { createPostgresNameStore } from './name-store.postgres.ts'

describeNameStore('PostgreSQL', async () => {
  const { database, drop } = await createTestDatabase()
  return { store: createPostgresNameStore(database), close: drop }
})
