import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Database } from '#platform/database'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createPostgresQueue, createRabbitmqQueue, type Queue } from '#platform/queue'
import { openEmail, startSmtp, worstSecond } from './email-fixture.ts'
import { emailQueue } from './email-queue.ts'

type Plan = {
  messages: number
  workers: number
  kills: number
  betweenMs: number
  deadlineMs: number
  queueUrl?: string
}

/** What came of it. `worstSecond`: the most messages that the server saw within any second. */
type Delivered = {
  requested: number
  delivered: number
  duplicates: number
  worstSecond: number
  seconds: number
  sent: number
}

/** Requests messages and sends them with worker processes, killing one with SIGKILL every now and then and starting another. */
export async function deliverDespiteKills(database: Database, plan: Plan): Promise<Delivered> {
  const folder = mkdtempSync(join(tmpdir(), 'mail-kills-'))
  const keyFile = join(folder, 'key')
  const log = createLogger({ level: 'silent', role: 'test' })
  const deps = { database, queues: [emailQueue as Queue], log, metrics: createMetrics() }
  const { queueUrl } = plan
  const queue = queueUrl ? await createRabbitmqQueue({ ...deps, url: queueUrl }) : await createPostgresQueue(deps)
  const cipher = createFieldCipher(createFileKeyService(keyFile))
  const email = await openEmail(database, { cipher, queue })
  const smtp = await startSmtp({ onMessage: () => wait(Math.random() * 40).then(() => undefined) })
  const script = fileURLToPath(import.meta.resolve('./mail-process-fixture.ts'))
  const workers: ChildProcess[] = []
  const startWorker = async (place: number) => {
    const args = [script, database.url, smtp.url, keyFile, queueUrl ?? '']
    const worker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    workers[place] = worker
    await once(worker.stdout, 'data')
  }
  const kill = async (worker: ChildProcess | undefined) => {
    if (!worker || worker.exitCode !== null) return
    worker.kill('SIGKILL')
    await once(worker, 'exit')
  }
  try {
    for (let number = 0; number < plan.messages; number++)
      await email.request({ recipients: [{ kind: 'to', address: `person${number}@hanbit.example` }] })
    await Promise.all(Array.from({ length: plan.workers }, (_, place) => startWorker(place)))
    const startedAt = performance.now()
    for (let killed = 0; killed < plan.kills; killed++) {
      await wait(plan.betweenMs * (0.5 + Math.random()))
      const place = killed % plan.workers
      await kill(workers[place])
      await startWorker(place)
    }
    const people = () => new Set(smtp.received.map(({ recipients }) => recipients[0])).size
    const giveUpAt = startedAt + plan.deadlineMs
    while (people() < plan.messages && performance.now() < giveUpAt) await wait(50)
    const lastAt = Math.max(...smtp.received.map(({ at }) => at))
    // Whatever still comes is a duplicate: a message that was sent before its worker died, and is claimed anew.
    await wait(plan.kills > 0 ? 12_000 : 0)
    const records = await countSent(email.store)
    return {
      requested: plan.messages,
      delivered: people(),
      duplicates: smtp.received.length - people(),
      worstSecond: worstSecond(smtp.received.map(({ at }) => at)),
      seconds: (lastAt - startedAt) / 1000,
      sent: records,
    }
  } finally {
    await Promise.all(workers.map(kill))
    await email.close()
    await smtp.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function countSent(store: Awaited<ReturnType<typeof openEmail>>['store']): Promise<number> {
  return (await store.list({ state: 'sent', limit: 10_000 })).length
}
