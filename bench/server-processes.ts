import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

const program = new URL('./understanding-process.ts', import.meta.url)

// As docs/understanding.md says to run an `nlu` process: the young generation bounded, so that memory stays flat.
const nodeFlags = ['--expose-gc', '--max-semi-space-size=16']

type ServerProcess = { address: string; process: ChildProcess }
export type Servers = {
  servers: ServerProcess[]
  addresses: string[]
  /** Processor time that all of them have taken since they started, µs. */
  cpuMicros(): Promise<number>
  stop(): void
}

/** Starts server processes of one kind, see understanding-process.ts, and waits until they listen. */
export async function startServers(kind: 'understanding' | 'wire' | 'echo', count: number): Promise<Servers> {
  const children = Array.from({ length: count }, () => fork(program, [kind], { execArgv: nodeFlags }))
  const servers = await Promise.all(
    children.map(async (child) => {
      const [address] = await Promise.race([once(child, 'message'), refuseExit(child)])
      return { address: String(address), process: child }
    }),
  )
  return {
    servers,
    addresses: servers.map(({ address }) => address),
    async cpuMicros() {
      const taken = await Promise.all(children.map(askCpu))
      return taken.reduce((sum, one) => sum + one, 0)
    },
    stop() {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

async function askCpu(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message')
  child.send('cpu')
  const [{ user, system }] = (await answer) as [NodeJS.CpuUsage]
  return user + system
}

async function refuseExit(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit')
  throw new Error(`A server process ended with ${code} before it listened`)
}
