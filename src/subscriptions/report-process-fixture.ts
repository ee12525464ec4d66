import { setTimeout as wait } from 'node:timers/promises'
import { openDatabase } from '#platform/database'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { createSmtpMailer } from '../notify/email/mailer.smtp.ts'
import { followDue } from './follow-due.ts'
import { openSubscriptionsOn } from './subscriptions-fixture.ts'

// A worker of its own that does what is due and sends what that requests: for those that kill it. Says when it begins.
const [, , databaseUrl = '', smtpUrl = '', keyFile = ''] = process.argv
const log = createLogger({ level: 'silent', role: 'test' })
const database = openDatabase({ url: databaseUrl, log })
const cipher = createFieldCipher(createFileKeyService(keyFile))
const open = await openSubscriptionsOn(database, cipher, async () => {
  await wait(50 + Math.random() * 100)
  return {
    columns: [
      { name: 'customer', role: 'dimension', type: 'name' },
      { name: 'amount', role: 'measure', type: 'money' },
    ],
    rows: ['한빛상사', '가온전자', '대한정밀'].map((customer, index) => ({ customer, amount: String(1_000 - index) })),
    ...{
      totals: { amount: '2997' },
      source: 'live',
      asOf: new Date().toISOString(),
      completeness: { kind: 'complete' },
    },
    timing: { planMs: 0, erpMs: 0, workMs: 0, calls: 1 },
  }
})
const deps = { ...open.deps, now: () => new Date() }
await open.work(deps)
await open.email.send(createSmtpMailer({ url: smtpUrl, from: 'bot@hanbit.example', deadlineMs: 3_000 }))
followDue(deps, 100)
process.stdout.write('working\n')
