import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { connectUnderstanding, type UnderstandReply } from '#nlu'
import { createMetrics } from '#platform/metrics'
import type { NluState } from './nlu-process-fixture.ts'
import { log } from './training-fixture.ts'

async function startServer(databaseUrl: string) {
  const child: ChildProcess = fork(new URL('./nlu-process-fixture.ts', import.meta.url), [databaseUrl], {
    execArgv: ['--expose-gc'],
  })
  const [address] = await once(child, 'message')
  return { child, address: String(address) }
}

/** Understanding servers in processes of their own on one database, and a client of all of them, as the http role has. */
export async function startNluServers(databaseUrl: string, count: number) {
  const servers = await Promise.all(Array.from({ length: count }, () => startServer(databaseUrl)))
  const client = connectUnderstanding(
    servers.map(({ address }) => address),
    { log, metrics: createMetrics() },
  )
  const ask = async (text: string): Promise<UnderstandReply> =>
    await client.understand({ text, today: '2026-11-23', language: 'ko', state: {} })
  const readStates = async (asked: 'state' | 'settled' = 'state'): Promise<NluState[]> =>
    await Promise.all(
      servers.map(async ({ child }) => {
        child.send(asked)
        const [state] = await once(child, 'message')
        return state as NluState
      }),
    )
  return {
    ...{ ask, readStates },
    /** Waits until every server reads by this model. */
    async waitForModel(version: string): Promise<void> {
      while ((await readStates()).some(({ model }) => model !== version)) await wait(20)
    },
    async close() {
      client.close()
      for (const { child } of servers) {
        const isGone = once(child, 'exit')
        child.kill('SIGKILL')
        await isGone
      }
    },
  }
}
export type NluServers = Awaited<ReturnType<typeof startNluServers>>

/** Asks these texts over and over, `width` at a time, with a pause after each, until stopped. */
export function keepAsking(
  { ask }: Pick<NluServers, 'ask'>,
  texts: readonly string[],
  { width = 4, pauseMs = 5 } = {},
) {
  const failures: unknown[] = []
  let [asked, goesOn] = [0, true]
  const lanes = Array.from({ length: width }, async () => {
    while (goesOn) {
      const text = texts[asked % texts.length] ?? ''
      asked += 1
      await ask(text).catch((error: unknown) => failures.push(error))
      await wait(pauseMs)
    }
  })
  return {
    failures,
    asked: () => asked,
    async stop() {
      goesOn = false
      await Promise.all(lanes)
    },
  }
}
