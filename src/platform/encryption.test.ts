import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFieldCipher, createFileKeyService, type KeyService } from '#platform/encryption'

const place = { table: 'turns', column: 'content', row: '1' }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'erp-chatbot-keys-'))
})
afterAll(() => rm(folder, { recursive: true }))

const keyPath = (name: string) => join(folder, name, 'keys.json')

/** Counts what a key service is asked for. */
function countCalls(keys: KeyService) {
  const calls = { generated: 0, unwrapped: 0 }
  const counting: KeyService = {
    generateDataKey: (context) => {
      calls.generated++
      return keys.generateDataKey(context)
    },
    unwrapDataKey: (wrapped, context) => {
      calls.unwrapped++
      return keys.unwrapDataKey(wrapped, context)
    },
  }
  return { calls, counting }
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
    let now = 0
    const { calls, counting } = countCalls(createFileKeyService(keyPath('d')))
    const cipher = createFieldCipher(counting, { maxUses: 2, maxAgeMs: 1_000, now: () => now })
    const sealed = [
      await cipher.encrypt('1', place),
      await cipher.encrypt('2', place),
      await cipher.encrypt('3', place),
    ]
    expect(calls.generated).toBe(2)
    now = 1_000
    sealed.push(await cipher.encrypt('4', place))
    expect(calls.generated).toBe(3)
    expect(await Promise.all([...sealed, ...sealed].map((one) => cipher.decrypt(one, place)))).toEqual([...'12341234'])
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
})
