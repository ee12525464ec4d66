import type { FieldCipher } from '#platform/encryption'
import {
  createPostgresSubscriptionStore,
  createPushOutbox,
  createSubscriptions,
  type Subscriptions,
} from '#subscriptions'
import type { App } from './wiring.ts'

type SubscriptionParts = Pick<
  App,
  'database' | 'queue' | 'catalog' | 'audit' | 'publicUrl' | 'log' | 'metrics' | 'auth' | 'erp' | 'notify' | 'push'
> & { cipher: FieldCipher; hasMail: boolean }

/** Scheduled reports and alerts, with what they look things up in and reach people by. */
export function openSubscriptions({
  auth,
  erp,
  notify,
  push,
  cipher,
  hasMail,
  ...parts
}: SubscriptionParts): Subscriptions {
  return createSubscriptions({
    ...parts,
    store: createPostgresSubscriptionStore({ database: parts.database, cipher }),
    permitRead: auth.permitRead,
    findOwner: auth.findPerson,
    answerQuery: erp.answerQuery,
    outbox: { mail: hasMail ? notify.requestEmail : undefined, push: createPushOutbox(push.requestPush) },
  })
}
