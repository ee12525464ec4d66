import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

/** The account PostgreSQL runs as when we are root, which PostgreSQL refuses to be. */
export type ServerUser = { name: string; uid: number; gid: number }

const run = promisify(execFile)

async function lookUp(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

/** `undefined` when we are not root: then we run it as ourselves. As root: `postgres` where the machine has it, else `nobody`; never makes an account. */
export async function chooseServerUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const user = (await lookUp('postgres')) ?? (await lookUp('nobody'))
  if (user === undefined) {
    throw new Error(
      'PostgreSQL refuses to run as root and this machine has no "postgres" or "nobody" account. Start as a normal user.',
    )
  }
  return user
}

/** Throws one sentence when a folder on the way to `path` is closed to that account, as /root usually is; one not there yet will be made open. */
export async function requireReachable(path: string, user: ServerUser): Promise<void> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder).catch(() => ({ mode: 0o711, uid: 0, gid: 0 }))
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) {
      throw new Error(
        `PostgreSQL runs as "${user.name}" because you are root, and "${user.name}" may not enter ${folder} (needed for ${path}). Start as a normal user, or move it to a folder others may enter.`,
      )
    }
    if (folder === dirname(folder)) return
  }
}
