import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort, probePort } from '../postgres/free-port.ts'

/** A loopback port for each name: the one of the last start when it is free, so that addresses such as the issuer's stay. */
export async function choosePorts<Name extends string>(
  dataDir: string,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const path = join(dataDir, 'ports.json')
  const kept = await readPorts(path)
  const chosen: Record<string, number> = {}
  for (const name of names) {
    const last = kept[name]
    const isFree = last !== undefined && !Object.values(chosen).includes(last) && (await probePort(last)) !== undefined
    chosen[name] = isFree ? last : await findPortBeside(Object.values(chosen))
  }
  await writeFile(path, `${JSON.stringify({ ...kept, ...chosen }, null, 2)}\n`)
  return chosen
}

async function findPortBeside(taken: number[]): Promise<number> {
  for (;;) {
    const port = await findFreePort()
    if (!taken.includes(port)) return port
  }
}

async function readPorts(path: string): Promise<Record<string, number>> {
  try {
    const found: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8'))
    const ports = Object.entries(found).filter((entry): entry is [string, number] => isPort(entry[1]))
    return Object.fromEntries(ports)
  } catch {
    return {}
  }
}

function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536
}
