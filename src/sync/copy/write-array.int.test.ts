import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { writeArray } from './write-array.ts'

const odd = ['NULL', 'null', '"', '\\', '\\"', '{}', ',', ' a ', '\n', '\v', '\u00a0', '\u3000', '']

test('whatever texts there are, PostgreSQL reads them as they were', async () => {
  await using own = await createTestDatabase({ empty: true })
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...odd))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), async (values) => {
      const clean = values.map((value) => value?.replaceAll('\0', '').toWellFormed() ?? null)
      const { rows } = await sql<{ read: (string | null)[] }>`select ${writeArray(clean)}::text[] as read`.execute(
        own.database.kysely,
      )
      expect(rows[0]?.read).toEqual(clean)
    }),
    { numRuns: 300 },
  )
})
