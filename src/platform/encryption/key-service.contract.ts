import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFieldCipher, type KeyService } from '#platform/encryption'
import { masterKeyIdOf } from './key-service.ts'

/** What a key service must do. `open` gives a further client of the same one; `replaceKey` makes another master key the current one. */
type Subject = { open: () => KeyService; replaceKey: () => Promise<void>; close: () => Promise<void> }

export function describeKeyService(name: string, start: () => Promise<Subject>): void {
  describe(`a key service: ${name}`, () => {
    let subject: Subject
    beforeAll(async () => {
      subject = await start()
    })
    afterAll(() => subject.close())
    const context = { purpose: 'test', b: '2' }

    test('opens a data key that another client of it made, and makes each one anew', async () => {
      const [one, other] = [
        await subject.open().generateDataKey(context),
        await subject.open().generateDataKey(context),
      ]
      expect(one.plain).toHaveLength(32)
      expect(one.plain.equals(other.plain)).toBe(false)
      expect(one.wrapped.includes(one.plain)).toBe(false)
      expect(await subject.open().unwrapDataKey(one.wrapped, { b: '2', purpose: 'test' })).toEqual(one.plain)
    })

    test('refuses another context, and a key altered at any byte or cut short', async () => {
      const keys = subject.open()
      const { wrapped } = await keys.generateDataKey(context)
      for (const other of [{}, { purpose: 'test' }, { purpose: 'test', b: '3' }, { ...context, c: '' }])
        await expect(keys.unwrapDataKey(wrapped, other as typeof context)).rejects.toThrow('UNDECIPHERABLE')
      for (let index = 0; index < wrapped.length; index++) {
        const altered = Buffer.from(wrapped)
        altered.writeUInt8(altered.readUInt8(index) ^ 1, index)
        await expect(keys.unwrapDataKey(altered, context), `byte ${index}`).rejects.toThrow('UNDECIPHERABLE')
      }
      for (const length of [0, 3, 4, wrapped.length - 1])
        await expect(keys.unwrapDataKey(wrapped.subarray(0, length), context)).rejects.toThrow('UNDECIPHERABLE')
    })

    test('says whose key wrapped what, and after a change of master key opens both', async () => {
      const keys = subject.open()
      const old = await keys.generateDataKey(context)
      expect(masterKeyIdOf(old.wrapped)).toBe(await keys.currentKeyId())
      await subject.replaceKey()
      const next = await keys.generateDataKey(context)
      expect(masterKeyIdOf(next.wrapped)).toBe(await keys.currentKeyId())
      expect(masterKeyIdOf(next.wrapped)).not.toBe(masterKeyIdOf(old.wrapped))
      for (const client of [keys, subject.open()])
        for (const { plain, wrapped } of [old, next])
          expect(await client.unwrapDataKey(wrapped, context)).toEqual(plain)
    })

    test('serves a field cipher, which takes up a new master key by itself', async () => {
      const cipher = createFieldCipher(subject.open(), { checkEveryMs: 5 })
      const place = { table: 'turns', column: 'answer', row: '1' }
      const idOf = async () => (await cipher.encrypt('매출', place)).toString('hex', 3, 7)
      const before = await idOf()
      await subject.replaceKey()
      await expect.poll(idOf).not.toBe(before)
      expect(await idOf()).toBe(await subject.open().currentKeyId())
    })
  })
}
