import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  addMasterKey,
  chooseMasterKey,
  createFieldCipher,
  createFileKeyService,
  type KeyService,
  removeMasterKey,
} from '#platform/encryption'

const place = { table: 'turns', column: 'content', row: '1' }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'erp-chatbot-keys-'))
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => {
  vi.useRealTimers()
})

const keyPath = (name: string) => join(folder, name, 'keys.json')

/** Counts what a key service is asked for, and keeps the very buffers that it gave. */
function countCalls(keys: KeyService) {
  const calls = { generated: 0, unwrapped: 0 }
  const plains: Buffer[] = []
  const counting: KeyService = {
    ...keys,
    generateDataKey: async (context) => {
      calls.generated++
      const key = await keys.generateDataKey(context)
      plains.push(key.plain)
      return key
    },
    unwrapDataKey: async (wrapped, context) => {
      calls.unwrapped++
      const plain = await keys.unwrapDataKey(wrapped, context)
      plains.push(plain)
      return plain
    },
  }
  return { calls, plains, counting }
}

describe('a field cipher', () => {
  test('opens what it closed, also after a restart, and never gives the same bytes twice', async () => {
    const text = '이번 달 매출 상위 5개 👍'
    const cipher = createFieldCipher(createFileKeyService(keyPath('a')))
    const [first, second] = await Promise.all([cipher.encrypt(text, place), cipher.encrypt(text, place)])
    expect(first.equals(second)).toBe(false)
    expect(first.includes(Buffer.from('매출'))).toBe(false)
    const restarted = createFieldCipher(createFileKeyService(keyPath('a')))
    expect(await restarted.decrypt(first, place)).toBe(text)
    expect(await restarted.decrypt(await cipher.encrypt('', place), place)).toBe('')
  })

  test('refuses a value altered at any byte, cut short, moved or locked with another key', async () => {
    const cipher = createFieldCipher(createFileKeyService(keyPath('b')))
    const sealed = await cipher.encrypt('12,300원', place)
    const refused = { message: 'UNDECIPHERABLE' }
    for (let index = 0; index < sealed.length; index++) {
      const altered = Buffer.from(sealed)
      altered.writeUInt8(altered.readUInt8(index) ^ 1, index)
      await expect(cipher.decrypt(altered, place), `byte ${index}`).rejects.toMatchObject(refused)
    }
    for (const length of [0, 2, 3, 20, sealed.length - 1])
      await expect(cipher.decrypt(sealed.subarray(0, length), place), `${length} bytes`).rejects.toMatchObject(refused)
    for (const moved of [{ row: '2' }, { column: 'title' }, { table: 'sessions' }])
      await expect(cipher.decrypt(sealed, { ...place, ...moved })).rejects.toMatchObject(refused)
    const other = createFieldCipher(createFileKeyService(keyPath('c')))
    await expect(other.decrypt(sealed, place)).rejects.toMatchObject(refused)
  })

  test('changes its data key by count and by age, and opens old values without asking twice', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { calls, counting } = countCalls(createFileKeyService(keyPath('d')))
    const cipher = createFieldCipher(counting, { maxUses: 2, maxAgeMs: 1_000 })
    const sealed = [
      await cipher.encrypt('1', place),
      await cipher.encrypt('2', place),
      await cipher.encrypt('3', place),
    ]
    expect(calls.generated).toBe(2)
    vi.advanceTimersByTime(1_000)
    sealed.push(await cipher.encrypt('4', place))
    expect(calls.generated).toBe(3)
    expect(await Promise.all([...sealed, ...sealed].map((one) => cipher.decrypt(one, place)))).toEqual([...'12341234'])
    expect(calls.unwrapped).toBe(3)
  })

  test('wipes data keys that it lets go: by age, by count, and opened ones by their time and number', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { calls, plains, counting } = countCalls(createFileKeyService(keyPath('w')))
    const cipher = createFieldCipher(counting, { maxUses: 1, maxAgeMs: 1_000, openForMs: 500, maxOpen: 1 })
    const isWiped = async () => {
      await vi.waitFor(() => undefined)
      return plains.map((plain) => plain.every((byte) => byte === 0))
    }
    const one = await cipher.encrypt('1', place)
    const two = await cipher.encrypt('2', place)
    expect(await isWiped()).toEqual([true, false])
    vi.advanceTimersByTime(1_000)
    expect(await isWiped()).toEqual([true, true])
    expect(await Promise.all([one, two].map((sealed) => cipher.decrypt(sealed, place)))).toEqual(['1', '2'])
    expect(await isWiped()).toEqual([true, true, true, false])
    vi.advanceTimersByTime(500)
    expect(await isWiped()).toEqual([true, true, true, true])
    expect(await cipher.decrypt(two, place)).toBe('2')
    expect(calls.unwrapped).toBe(3)
  })

  test('recovers when the key service fails once', async () => {
    const keys = createFileKeyService(keyPath('e'))
    let failures = 1
    const cipher = createFieldCipher({
      ...keys,
      generateDataKey: (context) =>
        failures-- > 0 ? Promise.reject(new Error('away')) : keys.generateDataKey(context),
    })
    await expect(cipher.encrypt('x', place)).rejects.toThrow('away')
    expect(await cipher.decrypt(await cipher.encrypt('x', place), place)).toBe('x')
  })
})

describe('a key file', () => {
  const use = (path: string) => createFileKeyService(path).generateDataKey({ purpose: 'test' })

  test('is made once, for its owner only, when many start at the same time', async () => {
    const path = keyPath('together')
    // Some start while the first is writing, some after.
    const made = await Promise.all(Array.from({ length: 40 }, (_, n) => wait(n / 8).then(() => use(path))))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(folder, 'together'))).toEqual(['keys.json'])
    const keys = createFileKeyService(path)
    for (const { plain, wrapped } of made) expect(await keys.unwrapDataKey(wrapped, { purpose: 'test' })).toEqual(plain)
    await expect(keys.unwrapDataKey(made[0]!.wrapped, { purpose: 'other' })).rejects.toThrow('UNDECIPHERABLE')
  })

  test('that others can read is refused with its path, its mode and the remedy', async () => {
    const path = keyPath('open')
    await use(path)
    await chmod(path, 0o640)
    await expect(use(path)).rejects.toMatchObject({
      message: 'KEY_FILE_UNSAFE',
      params: { path, mode: '0640' },
    })
  })

  test('that is damaged is refused without quoting it, and is not replaced', async () => {
    const path = keyPath('damaged')
    await use(path)
    await writeFile(path, 'c2VjcmV0')
    const error = await use(path).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ message: 'KEY_FILE_UNREADABLE', params: { reason: 'not a key file' } })
    expect(error).not.toHaveProperty('cause.message')
    expect(await readFile(path, 'utf8')).toBe('c2VjcmV0')
  })

  test('takes new master keys, changes and removes them; a running service finds them', async () => {
    const path = keyPath('ring')
    const running = createFileKeyService(path)
    const first = await running.generateDataKey({ purpose: 'test' })
    const firstId = await running.currentKeyId()
    const standby = await addMasterKey(path, { isStandby: true })
    expect(await running.currentKeyId()).toBe(firstId)
    await chooseMasterKey(path, standby)
    expect(await running.currentKeyId()).toBe(standby)
    expect(await createFileKeyService(path).unwrapDataKey(first.wrapped, { purpose: 'test' })).toEqual(first.plain)
    await expect(chooseMasterKey(path, '00000000')).rejects.toThrow('MASTER_KEY_UNKNOWN')
    await expect(removeMasterKey(path, standby)).rejects.toThrow('MASTER_KEY_CURRENT')
    await removeMasterKey(path, firstId)
    await expect(createFileKeyService(path).unwrapDataKey(first.wrapped, { purpose: 'test' })).rejects.toThrow(
      'UNDECIPHERABLE',
    )
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(folder, 'ring'))).toEqual(['keys.json'])
  })

  test('is changed by one at a time: of several at once none gets lost unseen', async () => {
    const path = keyPath('busy')
    await use(path)
    const made = await Promise.allSettled(Array.from({ length: 8 }, () => addMasterKey(path)))
    const added = made.filter(({ status }) => status === 'fulfilled').length
    expect(JSON.parse(await readFile(path, 'utf8')).keys).toHaveLength(1 + added)
    for (const one of made)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ message: 'KEY_FILE_BUSY' })
  })
})
