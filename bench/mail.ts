import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../demo/postgres.ts'
import { deliverDespiteKills } from '../src/notify/email/killed-workers-fixture.ts'
import { migrateDatabase, openDatabase } from '../src/platform/database.ts'
import { createLogger } from '../src/platform/log.ts'
import { hasRabbitmq, startRabbitmq } from '../test/support/rabbitmq.ts'
import { type Figure, judged, plainFigure } from './figure.ts'

const messages = 1_000
const kills = 20

/** A thousand mails sent by three workers that are killed twenty times meanwhile, over each of the message queues. */
export async function measureMail(): Promise<Figure[]> {
  const figures = await measureOver('PostgreSQL', '')
  if (!hasRabbitmq) return figures
  const rabbitmq = await startRabbitmq()
  try {
    return [...figures, ...(await measureOver('RabbitMQ', rabbitmq.url))]
  } finally {
    await rabbitmq.stop()
  }
}

async function measureOver(name: string, queueUrl: string): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-'))
  const postgres = await startPostgres({ dataDir })
  const database = openDatabase({
    url: postgres.url('postgres'),
    log: createLogger({ level: 'silent', role: 'bench' }),
  })
  try {
    await migrateDatabase(database, 'migrations')
    const plan = { messages, workers: 3, kills, betweenMs: 3_500, deadlineMs: 300_000 }
    const found = await deliverDespiteKills(database, { ...plan, ...(queueUrl && { queueUrl }) })
    const figure = (what: string, value: number, unit: string) => plainFigure(`mail over ${name}: ${what}`, value, unit)
    return [
      judged(figure('delivered', found.delivered, 'mails'), `= ${messages}`, found.delivered === messages),
      judged(figure('known to be sent', found.sent, 'mails'), `= ${messages}`, found.sent === messages),
      judged(figure('duplicates', found.duplicates, 'mails'), `≤ ${kills}`, found.duplicates <= kills),
      judged(figure('worst second', found.worstSecond, 'mails'), '≤ 14', found.worstSecond <= 14),
      figure('pace', found.requested / found.seconds, '/s'),
    ]
  } finally {
    await database.close()
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
