import { AppError } from '#platform/errors'
import { pushErrors } from './errors.ts'

/** Whom a message is for: all that any of these names, each device once. */
export type PushTarget = {
  users: string[]
  roles: string[]
  departments: string[]
  devices: string[]
  topics: string[]
  /** A condition on topics, as `readCondition` reads it. */
  condition?: string | undefined
}

type People = Pick<PushTarget, 'users' | 'roles' | 'departments'>

/** Ids of the people that any of these names and that may sign in. */
export type FindPeople = (named: People) => Promise<string[]>

/** Throws AppError PUSH_TARGET_MISSING when it names nobody. */
export function requireTarget({ condition, ...lists }: PushTarget): void {
  if (condition === undefined && Object.values(lists).every((list) => list.length === 0))
    throw new AppError(pushErrors.nobody)
}
