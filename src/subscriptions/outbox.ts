import type { Kysely } from 'kysely'
import type { Language } from '#catalog'
import type { EmailRequest } from '#notify'

/** A push to every device of a person. */
export type PushMessage = {
  userId: string
  language: Language
  title: string
  text: string
  link: string
  idempotencyKey: string
}

/** What people are reached by; a way that is not configured is undefined. Both take part in the transaction of what causes them. */
export type Outbox = {
  mail: ((email: EmailRequest, within: Kysely<unknown>) => Promise<unknown>) | undefined
  push: ((message: PushMessage, within: Kysely<unknown>) => Promise<unknown>) | undefined
}
