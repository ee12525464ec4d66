import type { Transaction } from 'kysely'

/** Writes a change down inside of its transaction; what it rejects with, the change fails with, and nothing has changed. */
export type RecordChange<T> = (changed: T, transaction: Transaction<unknown>) => Promise<void>
