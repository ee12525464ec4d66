import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findFreePort } from '../../demo/postgres/free-port.ts'

export type RedisServer = { port: number; close(): Promise<void> }

/** Why tests against Redis are skipped on this machine; undefined when its server is installed. In CI its absence fails. */
export function whyNoRedis(): string | undefined {
  if (spawnSync('redis-server', ['--version']).error === undefined) return undefined
  if (process.env.CI) throw new Error('redis-server is not installed: apt-get install redis-server')
  return 'redis-server is not installed, so the tests against Redis are skipped'
}

/** A Redis of its own on a free port of loopback, keeping nothing. */
export async function startRedis(): Promise<RedisServer> {
  const port = await findFreePort()
  const folder = await mkdtemp(join(tmpdir(), 'redis-'))
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const child = spawn('redis-server', args, { stdio: 'ignore' })
  await waitUntilOpen(port, child)
  return {
    port,
    async close() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function waitUntilOpen(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt++) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await wait(25)
  }
  child.kill('SIGKILL')
  throw new Error('redis-server did not start')
}
