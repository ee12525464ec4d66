import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

const program = new URL('./understanding-process.ts', import.meta.url)

export type ServerProcess = { address: string; process: ChildProcess }

/** Starts server processes of one kind and waits until they listen. They end with `stop` or with this process. */
export async function startServers(
  kind: 'understanding' | 'echo',
  count: number,
): Promise<{ servers: ServerProcess[]; stop(): void }> {
  const children = Array.from({ length: count }, () => fork(program, [kind]))
  const servers = await Promise.all(
    children.map(async (child) => {
      const [address] = await Promise.race([once(child, 'message'), refuseExit(child)])
      return { address: String(address), process: child }
    }),
  )
  return {
    servers,
    stop() {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

async function refuseExit(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit')
  throw new Error(`A server process ended with ${code} before it listened`)
}
