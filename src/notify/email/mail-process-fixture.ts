import { openDatabase } from '#platform/database'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createPostgresQueue, createRabbitmqQueue, type Queue } from '#platform/queue'
import { openEmail } from './email-fixture.ts'
import { emailQueue } from './email-queue.ts'
import { createSmtpMailer } from './mailer.smtp.ts'

// A worker of its own that sends what is requested: for those that kill it. Says when it begins.
const [, , databaseUrl = '', url = '', keyFile = '', queueUrl = ''] = process.argv
const log = createLogger({ level: 'silent', role: 'test' })
const database = openDatabase({ url: databaseUrl, log })
const cipher = createFieldCipher(createFileKeyService(keyFile))
const deps = { database, queues: [emailQueue as Queue], log, metrics: createMetrics() }
const queue = queueUrl === '' ? await createPostgresQueue(deps) : await createRabbitmqQueue({ ...deps, url: queueUrl })
const email = await openEmail(database, { cipher, queue })
const mailer = createSmtpMailer({ url, from: 'bot@hanbit.example', deadlineMs: 3_000 })
await email.send(mailer)
process.stdout.write('sending\n')
