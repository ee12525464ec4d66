import { hashSecret } from './secrets.ts'

/** Whose session it is at the provider: the person there, and the provider's own session when it names one. */
export type ProviderSession = { issuer: string; subject: string; sessionId?: string | undefined }

/** The mark of every session of a person of ours. */
export function markOfUser(userId: string): string {
  return mark('user', userId)
}

/** The mark of every session of a person of the provider's. */
export function markOfSubject(issuer: string, subject: string): string {
  return mark('subject', issuer, subject)
}

/** The mark of every session that began in this session of the provider. */
export function markOfProviderSession(issuer: string, sessionId: string): string {
  return mark('session', issuer, sessionId)
}

/** The mark of a person's sessions that the provider gave no name of its own. */
export function markOfUnnamed(issuer: string, subject: string): string {
  return mark('unnamed', issuer, subject)
}

/** Everything a session can be found by to end it. */
export function marksOf(userId: string, { issuer, subject, sessionId }: ProviderSession): string[] {
  const atProvider = sessionId === undefined ? markOfUnnamed(issuer, subject) : markOfProviderSession(issuer, sessionId)
  return [markOfUser(userId), markOfSubject(issuer, subject), atProvider]
}

/** Hashed: who reads the store learns nobody's id, and whatever a provider puts into one is of one length. */
function mark(...parts: string[]): string {
  return hashSecret(JSON.stringify(parts))
}
