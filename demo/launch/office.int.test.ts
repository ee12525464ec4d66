import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { signInWithPassword } from '../../src/cli/sign-in.ts'
import { launchOffice } from './office.ts'

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-office-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/**
 * Parts whose launcher was killed have 10 s to close (`exit-with-parent.ts`), PostgreSQL the same 10 s for the sessions of the others before
 * it ends them. Twice that, because a machine with more to do than it can counts seconds late: 5 to 11 s were seen at a load of 14 a core.
 */
const goneWithinMs = 20_000

async function isGone(pid: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < goneWithinMs && isAlive(pid); waitedMs += 100) await pause(100)
  return !isAlive(pid)
}

test('starts everything in three processes, lets people sign in, and leaves nothing running', async () => {
  const dataDir = temporaryFolder()
  const office = await launchOffice({ dataDir, port: 0, roles: 'three' })
  onTestFinished(() => office.stop())
  expect(Object.keys(office.parts).sort()).toEqual([
    'erp-primary',
    'erp-standby',
    'http',
    'nlu',
    'postgres',
    'sign-in',
    'worker',
  ])
  expect(statSync(join(dataDir, 'office.json')).mode & 0o777).toBe(0o600)
  expect(JSON.parse(readFileSync(join(dataDir, 'office.json'), 'utf8'))).toMatchObject({
    url: office.url,
    erpUrls: office.erpUrls,
  })

  const { accessToken } = await signInWithPassword({ serviceUrl: office.url, login: 'minsu', password: 'hanbit' })
  const me = await fetch(new URL('/api/v1/me', office.url), { headers: { authorization: `Bearer ${accessToken}` } })
  expect([me.status, await me.text()]).toEqual([200, expect.stringContaining('김민수')])
  await expect(launchOffice({ dataDir, port: 0 })).rejects.toThrow('Already running')

  const client = new pg.Client({ connectionString: office.databaseUrl })
  await client.connect()
  const { rows } = await client.query('select rolsuper from pg_roles where rolname = current_user')
  expect(rows).toEqual([{ rolsuper: false }])
  await client.end()

  const primary = office.parts['erp-primary']!
  primary.kill('SIGKILL')
  expect(await isGone(primary.pid)).toBe(true)
  await primary.restart()
  expect([primary.isRunning(), primary.url]).toEqual([true, office.erpUrls[0]])

  const pids = Object.values(office.parts).map((part) => part.pid)
  await office.stop()
  expect(pids.filter(isAlive)).toEqual([])
  expect(() => readFileSync(join(dataDir, 'office.json'))).toThrow('ENOENT')
})

test('takes everything with it when the launcher is killed', async () => {
  const dataDir = temporaryFolder()
  const script = `
    const { launchOffice } = await import(${JSON.stringify(join(import.meta.dirname, 'office.ts'))})
    const { parts } = await launchOffice({ dataDir: ${JSON.stringify(dataDir)}, port: 0 })
    process.stdout.write(JSON.stringify(Object.values(parts).map((part) => part.pid)))
  `
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [pids] = (await once(launcher.stdout, 'data')) as [Buffer]
  launcher.kill('SIGKILL')
  for (const pid of JSON.parse(pids.toString())) expect(await isGone(pid)).toBe(true)

  // Its lock is stale now, and its folder as good as before.
  const next = await launchOffice({ dataDir, port: 0 })
  await next.stop()
})

test('tells in a sentence which part has ended, with the end of its log', async () => {
  const office = await launchOffice({ dataDir: temporaryFolder(), port: 0 })
  onTestFinished(() => office.stop())
  office.parts.service!.kill('SIGKILL')
  expect(await office.lost).toContain('service has ended (SIGKILL), and nothing works without it. The end of ')
})

test('says why it cannot start, and leaves nothing running', async () => {
  const dataDir = temporaryFolder()
  await expect(launchOffice({ dataDir, port: 0, given: { LOG_LEVEL: 'loud' } })).rejects.toThrow(
    /service did not start \(exit code 1\)\.[\s\S]*LOG_LEVEL/,
  )
  const again = await launchOffice({ dataDir, port: 0 })
  await again.stop()
})
