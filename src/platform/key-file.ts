import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { encryptionErrors } from './encryption-errors.ts'
import { AppError } from './errors.ts'

/** Master keys by id; new data keys are wrapped with the current one, older ones only open what they closed. */
export type KeyRing = { currentId: string; keys: Map<string, Buffer> }

const keyFileSchema = z.object({
  keys: z.array(z.object({ id: z.string().regex(/^[\da-f]{8}$/), key: z.base64().length(44) })).min(1),
})

/** Reads the key file, after making it with one new key if there is none. Its owner alone may read it (mode 0600). */
export async function openKeyFile(path: string): Promise<KeyRing> {
  try {
    await checkMode(path)
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
    await createKeyFile(path)
    await checkMode(path)
  }
  const { keys } = await readKeys(path)
  const ring = new Map(keys.map(({ id, key }) => [id, Buffer.from(key, 'base64')]))
  return { currentId: keys.at(-1)?.id ?? '', keys: ring }
}

async function readKeys(path: string) {
  try {
    return keyFileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    // Only the kind of fault: a parser's message may quote the key.
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'not a key file'
    throw new AppError(encryptionErrors.keyFileUnreadable, { params: { path, reason } })
  }
}

async function checkMode(path: string): Promise<void> {
  if (process.platform === 'win32') return void (await stat(path))
  const mode = (await stat(path)).mode & 0o777
  if ((mode & 0o077) !== 0)
    throw new AppError(encryptionErrors.keyFileUnsafe, { params: { path, mode: mode.toString(8).padStart(4, '0') } })
}

/** Written aside and linked into place, so that processes that start together end up with one and the same whole file. */
async function createKeyFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  const key = { id: randomBytes(4).toString('hex'), key: randomBytes(32).toString('base64') }
  const file = await open(aside, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify({ keys: [key] }, null, 2)}\n`)
    await file.sync()
    await chmod(aside, 0o600)
    await link(aside, path)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await file.close()
    await rm(aside, { force: true })
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
