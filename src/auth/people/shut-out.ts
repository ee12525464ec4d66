import { type ChangeBy, type ChangeDeps, changePerson } from './change-person.ts'

/** Shuts a person out: sessions ended, tokens refused everywhere within 5 s, sign-in refused. Throws as `changePerson`. */
export async function disablePerson(deps: ChangeDeps, by: ChangeBy, reason: string): Promise<void> {
  await changePerson(deps, by, {
    action: 'person.disabled',
    reason,
    apply: async (edit, { userId }) => {
      await edit.setDisabled(userId, { reason, by: by.actorId, at: deps.now() })
      // Within the change: a session that outlived it would come back to life with the account.
      await deps.endSessionsOf(userId)
    },
  })
}

/** Lets a person in again; they sign in anew. Throws as `changePerson`. */
export async function enablePerson(deps: ChangeDeps, by: ChangeBy, reason: string): Promise<void> {
  await changePerson(deps, by, {
    action: 'person.enabled',
    reason,
    apply: async (edit, { userId }) => await edit.setDisabled(userId, null),
  })
}

/** Signs a person out on every device, and tells how many sessions that were. Throws as `changePerson`. */
export async function endPersonSessions(deps: ChangeDeps, by: ChangeBy, reason: string): Promise<number> {
  return await changePerson(deps, by, {
    action: 'person.sessions-ended',
    reason,
    apply: async (_, { userId }) => await deps.endSessionsOf(userId),
  })
}
