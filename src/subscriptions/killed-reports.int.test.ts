import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createTestDatabase } from '../../test/support/test-database.ts'
import { startSmtp } from '../notify/email/email-fixture.ts'
import { addSubscription } from './add-subscription.ts'
import { openSubscriptionsOn } from './subscriptions-fixture.ts'

const reports = 30
const kills = 4
const workers = 2
/** A message of a worker that died comes back when its heartbeat has been missed. */
const afterwardsMs = 15_000
const script = fileURLToPath(import.meta.resolve('./report-process-fixture.ts'))

test('workers that are killed while reports go out lose none, and send at most one twice each', async () => {
  const { database, drop } = await createTestDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'report-kills-'))
  const keyFile = join(folder, 'key')
  const cipher = createFieldCipher(createFileKeyService(keyFile))
  const open = await openSubscriptionsOn(database, cipher, async () => Promise.reject(new Error('not here')))
  const smtp = await startSmtp({ onMessage: () => wait(Math.random() * 40).then(() => undefined) })
  const running: ChildProcess[] = []
  const start = async (place: number) => {
    const args = [script, database.url, smtp.url, keyFile]
    const worker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    running[place] = worker
    await once(worker.stdout, 'data')
  }
  const kill = async (worker: ChildProcess | undefined) => {
    if (!worker || worker.exitCode !== null || worker.signalCode !== null) return
    worker.kill('SIGKILL')
    await once(worker, 'exit')
  }
  onTestFinished(async () => {
    await Promise.all(running.map(kill))
    await open.close()
    await smtp.close()
    await drop()
    rmSync(folder, { recursive: true, force: true })
  })

  const owners = await Promise.all(
    Array.from({ length: reports }, (_, place) => open.signIn(`person ${place}`, ['executive'])),
  )
  for (const actor of owners)
    await addSubscription(
      open.deps,
      {
        ...{ kind: 'report', language: 'ko', cron: '0 9 * * 1', question: '매주 거래처별 매출' },
        query: { entity: 'sales', measures: ['amount'], groupBy: ['customer'] },
      },
      { actor, ip: null },
    )
  await sql`update subscriptions set next_at = now()`.execute(database.kysely)
  await Promise.all(Array.from({ length: workers }, (_, place) => start(place)))
  let amid = 0
  for (let killed = 0; killed < kills; killed += 1) {
    await wait(Math.random() * 400)
    if (smtp.received.length < reports) amid += 1
    await kill(running[killed % workers])
    await start(killed % workers)
  }
  const reached = () => new Set(smtp.received.map(({ recipients }) => recipients[0]))
  await expect.poll(() => reached().size, { timeout: 90_000 }).toBe(reports)
  await wait(afterwardsMs)

  expect(reached()).toEqual(new Set(owners.map(({ email }) => email)))
  expect(smtp.received.length - reports).toBeLessThanOrEqual(kills)
  expect(amid).toBeGreaterThan(0)
  // Each is requested once: what goes out twice is a mail of which nobody knows whether it went.
  expect(await open.email.store.list({ limit: 1_000 })).toHaveLength(reports)
  const { rows } = await sql<{ outcome: string }>`select last_outcome as outcome from subscriptions`.execute(
    database.kysely,
  )
  expect(new Set(rows.map(({ outcome }) => outcome))).toEqual(new Set(['sent']))
}, 180_000)
