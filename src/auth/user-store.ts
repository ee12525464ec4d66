import type { Language } from '#catalog'
import type { Role } from './actor.ts'

/** What the identity provider says about a person, in our words. */
export type Profile = {
  issuer: string
  subject: string
  name: string
  department: string
  email: string
  roles: Role[]
  language: Language | null
}

/** A person as we know them: the profile of their last sign-in under an id of ours. `roles` are those that count, see `people/`. */
export type User = Omit<Profile, 'issuer' | 'subject'> & { userId: string; disabled: boolean }

/** People who have signed in. Nobody is entered beforehand. */
export type UserStore = {
  /** Makes or updates the person of this issuer and subject. An id stays; `disabled` is not the provider's to change. */
  saveSignIn(profile: Profile, at: Date): Promise<User>
  findUser(userId: string): Promise<User | undefined>
  /** The names of those who are known among `userIds`, by id. */
  namesOf(userIds: readonly string[]): Promise<Map<string, string>>
  /** Ids of the people who may sign in and are named, have one of the roles, or belong to one of the departments. */
  findActive(named: { users: string[]; roles: string[]; departments: string[] }): Promise<string[]>
}
