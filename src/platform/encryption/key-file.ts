import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { encryptionErrors } from '../encryption-errors.ts'
import { AppError } from '../errors.ts'

/** Master keys by id; new data keys are wrapped with the current one, the others only open what they closed. */
export type KeyRing = { currentId: string; keys: Map<string, Buffer> }

const id = z.string().regex(/^[\da-f]{8}$/)
const keyFileSchema = z.object({
  keys: z.array(z.object({ id, key: z.base64().length(44) })).min(1),
  /** The last of the keys unless told. */
  current: id.optional(),
})
type KeyFile = z.infer<typeof keyFileSchema>

/** Reads the key file, after making it with one new key if there is none and `isMade`. Its owner alone may read it (mode 0600). */
export async function openKeyFile(path: string, isMade: boolean): Promise<KeyRing> {
  try {
    await checkMode(path)
  } catch (error) {
    if (!isCode(error, 'ENOENT') || !isMade) throw isCode(error, 'ENOENT') ? unreadable(path, 'ENOENT') : error
    await createKeyFile(path)
    await checkMode(path)
  }
  const file = await readKeys(path)
  const ring = new Map(file.keys.map(({ id, key }) => [id, Buffer.from(key, 'base64')]))
  return { currentId: currentOf(file), keys: ring }
}

/** Adds a new master key and returns its id. Unless it `isStandby` it is the current one from now on. */
export async function addMasterKey(path: string, { isStandby = false } = {}): Promise<string> {
  const added = newKey()
  await changeKeyFile(path, (file) => ({
    keys: [...file.keys, added],
    current: isStandby ? currentOf(file) : added.id,
  }))
  return added.id
}

/** Makes a master key of the file the current one. Throws MASTER_KEY_UNKNOWN. */
export async function chooseMasterKey(path: string, id: string): Promise<void> {
  await changeKeyFile(path, (file) => {
    if (!file.keys.some((key) => key.id === id))
      throw new AppError(encryptionErrors.masterKeyUnknown, { params: { id } })
    return { ...file, current: id }
  })
}

/** Removes a master key for good: what it sealed can never be opened again. Throws MASTER_KEY_UNKNOWN or MASTER_KEY_CURRENT. */
export async function removeMasterKey(path: string, id: string): Promise<void> {
  await changeKeyFile(path, (file) => {
    if (!file.keys.some((key) => key.id === id))
      throw new AppError(encryptionErrors.masterKeyUnknown, { params: { id } })
    if (currentOf(file) === id) throw new AppError(encryptionErrors.masterKeyCurrent, { params: { id } })
    return { keys: file.keys.filter((key) => key.id !== id), current: currentOf(file) }
  })
}

const newKey = () => ({ id: randomBytes(4).toString('hex'), key: randomBytes(32).toString('base64') })
const currentOf = ({ current, keys }: KeyFile): string => current ?? keys.at(-1)?.id ?? ''
const write = (file: KeyFile) => `${JSON.stringify(file, null, 2)}\n`

function unreadable(path: string, reason: string): AppError {
  return new AppError(encryptionErrors.keyFileUnreadable, { params: { path, reason } })
}

async function readKeys(path: string): Promise<KeyFile> {
  try {
    const file = keyFileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    if (!file.keys.some((key) => key.id === currentOf(file))) throw new Error('its current key is not in it')
    return file
  } catch (error) {
    // Only the kind of fault: a parser's message may quote the key.
    throw unreadable(path, error instanceof Error && 'code' in error ? String(error.code) : 'not a key file')
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
  const file = await open(aside, 'wx', 0o600)
  try {
    await file.writeFile(write({ keys: [newKey()] }))
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

/** Written aside under one name, so that of two changes at once the second is refused, and put into place as a whole. */
async function changeKeyFile(path: string, change: (file: KeyFile) => KeyFile): Promise<void> {
  await checkMode(path)
  const aside = `${path}.next`
  const file = await open(aside, 'wx', 0o600).catch((error: unknown) => {
    if (isCode(error, 'EEXIST')) throw new AppError(encryptionErrors.keyFileBusy, { params: { path: aside } })
    throw error
  })
  try {
    await file.writeFile(write(change(await readKeys(path))))
    await file.sync()
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
