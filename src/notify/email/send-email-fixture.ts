import { afterEach, beforeEach, onTestFinished } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { type Behaviour, openEmail, startSmtp, until } from './email-fixture.ts'
import { createSmtpMailer, type SmtpOptions } from './mailer.smtp.ts'

const from = 'ERP 챗봇 <bot@hanbit.example>'

/** A mail server for one test. */
export async function start(behaviour: Behaviour = {}, options: Parameters<typeof startSmtp>[1] = {}) {
  const smtp = await startSmtp(behaviour, options)
  onTestFinished(() => smtp.close())
  return smtp
}

/** Email on a database of its own for each test of the file that calls this. */
export function openEachTime() {
  let db: TestDatabase
  let email: Awaited<ReturnType<typeof openEmail>>
  beforeEach(async () => {
    db = await createTestDatabase()
    email = await openEmail(db.database)
  })
  afterEach(async () => {
    await email.close()
    await db.drop()
  })
  const read = async (id: string | undefined) => {
    const found = await email.store.read(id ?? '')
    if (!found) throw new Error(`There is no mail ${id}`)
    return found
  }
  return {
    database: () => db.database,
    email: () => email,
    read,
    stateOf: (id: string | undefined, state: string) =>
      until(
        () => read(id),
        (found) => found.state === state,
      ),
    /** Sends from now on over SMTP. */
    sendOver: async (url: string, options: Partial<SmtpOptions> = {}) => {
      const mailer = createSmtpMailer({ url, from, deadlineMs: 2_000, ...options })
      const consumer = await email.send(mailer)
      onTestFinished(async () => {
        await consumer.close()
        await mailer.close()
      })
    },
  }
}
