import { type ChangeBy, type ChangeDeps, changePerson } from './change-person.ts'

/**
 * Shuts a person out: sessions ended, tokens refused everywhere within 5 s, sign-in refused. Throws as `changePerson`, or
 * AUTH_UNAVAILABLE: then the person is shut out, but sessions are left, which nobody can use.
 */
export async function disablePerson(deps: ChangeDeps, by: ChangeBy, reason: string): Promise<void> {
  await changePerson(deps, by, {
    action: 'person.disabled',
    reason,
    apply: async (edit, { userId }) => await edit.setDisabled(userId, { reason, by: by.actorId, at: deps.now() }),
  })
  await deps.endSessionsOf(by.userId)
}

/** Lets a person in again; they sign in anew. Throws as `changePerson`, or AUTH_UNAVAILABLE. */
export async function enablePerson(deps: ChangeDeps, by: ChangeBy, reason: string): Promise<void> {
  await changePerson(deps, by, {
    action: 'person.enabled',
    reason,
    apply: async (edit, { userId, disabled }) => {
      // A session that outlived being shut out must not come back to life with the account.
      if (disabled) await deps.endSessionsOf(userId)
      await edit.setDisabled(userId, null)
    },
  })
}

/** Signs a person out on every device once it is on record, and tells how many sessions that were. Throws as `changePerson`, or AUTH_UNAVAILABLE. */
export async function endPersonSessions(deps: ChangeDeps, by: ChangeBy, reason: string): Promise<number> {
  await changePerson(deps, by, { action: 'person.sessions-ended', reason, apply: async () => undefined })
  return await deps.endSessionsOf(by.userId)
}
