import { z } from 'zod'
import type { FieldCipher } from '#platform/encryption'

const recordSchema = z.object({ userId: z.uuid(), idToken: z.string().optional() })

/** What a session remembers beside its tokens: the person, and the provider's ID token, to end its session too. */
export type SessionRecord = z.infer<typeof recordSchema>

/** Seals and opens what is kept with a refresh token; each is bound to the token's hash. */
export function createSessionSeal(cipher: FieldCipher) {
  const place = (column: string, hash: string) => ({ table: 'auth_refresh_tokens', column, row: hash })
  return {
    sealRecord: async (record: SessionRecord, hash: string) =>
      await cipher.encrypt(JSON.stringify(record), place('record', hash)),
    openRecord: async (sealed: Buffer, hash: string): Promise<SessionRecord> =>
      recordSchema.parse(JSON.parse(await cipher.decrypt(sealed, place('record', hash)))),
    sealSuccessor: async (token: string, hash: string) => await cipher.encrypt(token, place('successor', hash)),
    openSuccessor: async (sealed: Buffer, hash: string) => await cipher.decrypt(sealed, place('successor', hash)),
  }
}

export type SessionSeal = ReturnType<typeof createSessionSeal>
