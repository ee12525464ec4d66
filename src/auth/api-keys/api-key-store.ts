import type { RecordChange } from '../record-change.ts'
import type { ApiKey } from './api-key.ts'

export type ApiKeyStore = {
  findByPrefix(prefix: string): Promise<ApiKey | undefined>
  find(keyId: string): Promise<ApiKey | undefined>
  /** The newest first, at most `most`. */
  list(most: number): Promise<ApiKey[]>
  /** Adds a key unless `most` are neither revoked nor expired at `createdAt`; false then. */
  add(key: ApiKey, most: number, record: RecordChange<ApiKey>): Promise<boolean>
  /** Gives a key that works a new secret; undefined when there is none with this id, or it is revoked or expired at `at`. */
  rotate(
    keyId: string,
    rotation: { secretHash: Buffer; at: Date; oldUntil: Date },
    record: RecordChange<ApiKey>,
  ): Promise<ApiKey | undefined>
  /** Ends a key; undefined when there is none with this id. One that is ended already stays as it is. */
  revoke(keyId: string, at: Date, record: RecordChange<ApiKey>): Promise<ApiKey | undefined>
  /** Notes that a key was used, if that was not noted since `unlessAfter`. */
  noteUse(keyId: string, at: Date, unlessAfter: Date): Promise<void>
}
