import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

const program = new URL('./understanding-process.ts', import.meta.url)

// As docs/understanding.md says to run an `nlu` process: the young generation bounded, so that memory stays flat.
const nodeFlags = ['--expose-gc', '--max-semi-space-size=16']

type ServerProcess = { address: string; process: ChildProcess }
export type Servers = { servers: ServerProcess[]; addresses: string[]; stop(): void }

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
    stop() {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

async function refuseExit(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit')
  throw new Error(`A server process ended with ${code} before it listened`)
}
