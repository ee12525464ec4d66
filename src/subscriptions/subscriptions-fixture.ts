import { randomUUID } from 'node:crypto'
import { createAuditLog } from '#audit'
import { type Actor, createPostgresUserStore, loadAccessRules, type Role } from '#auth'
import type { AnswerQuery } from '#erp'
import type { Database } from '#platform/database'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createPostgresQueue, type Queue } from '#platform/queue'
import { createTestDatabase } from '../../test/support/test-database.ts'
import { createPermitRead } from '../auth/permit-read.ts'
import { demoCatalog } from '../erp/demo-erp-fixture.ts'
import { openEmail, testCipher } from '../notify/email/email-fixture.ts'
import { emailQueue } from '../notify/email/email-queue.ts'
import { requestEmail } from '../notify/email/request-email.ts'
import { doDue, publishDue } from './follow-due.ts'
import type { PushMessage } from './outbox.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'
import { createSubscriptionMetrics } from './subscription-metrics.ts'
import { dueQueue } from './subscription-queue.ts'
import { createPostgresSubscriptionStore } from './subscription-store.postgres.ts'

const log = createLogger({ level: 'silent', role: 'test' })

/** Subscriptions on a database of the test's own, with a clock in the test's hands and mails kept as they are requested. */
export async function openSubscriptions(answerQuery: AnswerQuery) {
  const { database, drop } = await createTestDatabase()
  const open = await openSubscriptionsOn(database, testCipher(), answerQuery)
  return {
    ...open,
    close: async () => {
      await open.close()
      await drop()
    },
  }
}

/** The same on a database that others are at, too. */
export async function openSubscriptionsOn(
  database: Database,
  cipher: ReturnType<typeof testCipher>,
  answerQuery: AnswerQuery,
) {
  const queues = [emailQueue, dueQueue] as Queue[]
  const queue = await createPostgresQueue({ database, queues, log, metrics: createMetrics() })
  const email = await openEmail(database, { cipher, queue })
  const clock = { now: new Date('2026-11-23T00:00:00Z') }
  const users = createPostgresUserStore(database, () => clock.now)
  const rules = loadAccessRules('access/roles.yaml', demoCatalog)
  const pushed: PushMessage[] = []
  const deps: SubscriptionDeps = {
    ...{ database, queue, catalog: demoCatalog, answerQuery, publicUrl: 'https://chat.example.com', log },
    store: createPostgresSubscriptionStore({ database, cipher }),
    permitRead: createPermitRead(rules, demoCatalog),
    findOwner: async (userId) => {
      const user = await users.findUser(userId)
      if (!user) return undefined
      const { disabled, language, ...person } = user
      return { actor: { ...person, language: language ?? 'ko' }, disabled }
    },
    audit: createAuditLog(database, log, cipher),
    outbox: {
      mail: (request, within) => requestEmail(email.requesting, request, within),
      push: async (message) => void pushed.push(message),
    },
    mostOfOwner: 5,
    metrics: createSubscriptionMetrics(createMetrics()),
    now: () => clock.now,
  }

  /** Signs somebody in; doing it again with other roles is what the identity provider says later. */
  async function signIn(name: string, roles: Role[], subject: string = randomUUID()): Promise<Actor> {
    const profile = { issuer: 'test', subject, name, department: '영업1팀', email: `${subject}@hanbit.example`, roles }
    const { disabled: _, language, ...user } = await users.saveSignIn({ ...profile, language: 'ko' }, clock.now)
    return { ...user, language: language ?? 'ko' }
  }

  return {
    deps,
    clock,
    email,
    pushed,
    signIn,
    store: deps.store,
    publish: () => publishDue(deps),
    work: (bound = deps) =>
      queue.consume(dueQueue, { prefetch: 2, drainMs: 5_000 }, (delivery) => doDue(bound, delivery)),
    /** What was requested, opened: subjects, texts and attachments in the order of their requests. */
    readMails: async () => {
      const records = await email.store.list({ limit: 100 })
      const mails = await Promise.all(
        records.toReversed().map(async ({ email: id }) => {
          const claim = await email.store.claim(id, 1)
          return typeof claim === 'string' ? undefined : { ...claim.outgoing, to: claim.pending }
        }),
      )
      return mails.filter((mail) => mail !== undefined)
    },
    countMails: async () => (await email.store.list({ limit: 100 })).length,
    close: () => queue.close(),
  }
}
export type OpenSubscriptions = Awaited<ReturnType<typeof openSubscriptions>>
