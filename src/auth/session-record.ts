import { z } from 'zod'
import type { FieldCipher } from '#platform/encryption'
import { encryptionErrors } from '#platform/encryption-errors'
import { AppError } from '#platform/errors'
import type { TokenKey } from './token-store.ts'

const recordSchema = z.object({
  userId: z.uuid(),
  idToken: z.string().optional(),
  signedInAt: z.iso.datetime(),
  address: z.string(),
  device: z.object({ browser: z.string().optional(), system: z.string().optional() }),
})

/**
 * What a session remembers beside its tokens: the person, the provider's ID token, to end its session too, and from where and
 * when they signed in.
 */
export type SessionRecord = z.infer<typeof recordSchema>

/** What the sealed parts of a session are bound to. */
export const recordPlace = (sessionId: string) => ({ table: 'auth_sessions', column: 'record', row: sessionId })
export const successorPlace = (hash: string) => ({ table: 'auth_refresh_tokens', column: 'successor', row: hash })

/** Seals and opens what is kept of a session, bound to its id, and of a rotated token, bound to that token. */
export function createSessionSeal(cipher: FieldCipher) {
  return {
    sealRecord: async (record: SessionRecord, sessionId: string) =>
      await cipher.encrypt(JSON.stringify(record), recordPlace(sessionId)),
    /** Throws UNDECIPHERABLE, for what another version has written too. */
    openRecord: async (sealed: Buffer, sessionId: string): Promise<SessionRecord> => {
      const read = recordSchema.safeParse(JSON.parse(await cipher.decrypt(sealed, recordPlace(sessionId))))
      if (!read.success) throw new AppError(encryptionErrors.undecipherable)
      return read.data
    },
    sealSuccessor: async (next: string, key: TokenKey) => await cipher.encrypt(next, successorPlace(key.hash)),
    openSuccessor: async (sealed: Buffer, key: TokenKey) => await cipher.decrypt(sealed, successorPlace(key.hash)),
  }
}

export type SessionSeal = ReturnType<typeof createSessionSeal>
