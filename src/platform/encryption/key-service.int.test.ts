import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addMasterKey, createFieldCipher, createFileKeyService, createKmsKeyService } from '#platform/encryption'
import { startKmsSimulator } from '../../../test/support/kms-simulator.ts'
import { describeKeyService } from './key-service.contract.ts'
import { succeedKeyService } from './key-service.ts'

const newFolder = () => mkdtemp(join(tmpdir(), 'erp-chatbot-key-service-'))
const context = { purpose: 'test' }
const keyId = 'alias/erp-chatbot'
const region = 'ap-northeast-2'
beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
})
afterAll(() => vi.unstubAllEnvs())

describeKeyService('a key file', async () => {
  const folder = await newFolder()
  const path = join(folder, 'keys.json')
  return {
    open: () => createFileKeyService(path),
    replaceKey: async () => void (await addMasterKey(path)),
    close: () => rm(folder, { recursive: true }),
  }
})

describeKeyService('AWS KMS, simulated', async () => {
  const simulator = await startKmsSimulator()
  return {
    open: () => createKmsKeyService({ keyId, region, endpoint: simulator.url }),
    replaceKey: async () => simulator.replaceKey(),
    close: simulator.close,
  }
})

describe('AWS KMS that is not well', () => {
  let simulator: Awaited<ReturnType<typeof startKmsSimulator>>
  beforeAll(async () => {
    simulator = await startKmsSimulator()
  })
  afterAll(() => simulator.close())
  const open = (more = {}) =>
    createKmsKeyService({ keyId, region, endpoint: simulator.url, deadlineMs: 4_000, ...more })

  test('is asked again when it throttles, drops a connection or fails, three times at most', async () => {
    for (const fault of ['throttle', 'drop', 'internal'] as const) {
      simulator.calls.length = 0
      simulator.fault(fault, fault)
      await expect(open().generateDataKey(context)).resolves.toBeDefined()
      expect(simulator.calls).toHaveLength(3)
      simulator.fault(fault, fault, fault, fault)
      await expect(open().generateDataKey(context), fault).rejects.toThrow('KEY_SERVICE_UNAVAILABLE')
      expect(simulator.calls).toHaveLength(6)
    }
    simulator.fault()
  })

  test('that hangs is given up at the deadline of the whole call', async () => {
    simulator.fault('hang', 'hang', 'hang')
    await expect(open({ deadlineMs: 100 }).generateDataKey(context)).rejects.toThrow('KEY_SERVICE_UNAVAILABLE')
    simulator.fault()
  })

  test('with a disabled or unknown key says so, and at once', async () => {
    simulator.calls.length = 0
    simulator.disable()
    const refused = { message: 'KEY_SERVICE_REFUSED', params: { reason: 'DisabledException' } }
    await expect(open().generateDataKey(context)).rejects.toMatchObject(refused)
    simulator.disable(false)
    await expect(open({ keyId: 'alias/none' }).currentKeyId()).rejects.toMatchObject({
      message: 'KEY_SERVICE_REFUSED',
      params: { reason: 'NotFoundException' },
    })
    expect(simulator.calls).toHaveLength(2)
  })

  test('keeps a cipher working with the data keys it holds', async () => {
    const place = { table: 'turns', column: 'answer', row: '1' }
    const cipher = createFieldCipher(open(), { checkEveryMs: 5 })
    const sealed = await cipher.encrypt('매출', place)
    expect(await cipher.decrypt(sealed, place)).toBe('매출')
    simulator.disable()
    simulator.calls.length = 0
    await expect.poll(() => simulator.calls.length).toBeGreaterThan(1)
    expect(await cipher.decrypt(await cipher.encrypt('수량', place), place)).toBe('수량')
    await expect(createFieldCipher(open()).decrypt(sealed, place)).rejects.toThrow('KEY_SERVICE_REFUSED')
    simulator.disable(false)
  })

  test('succeeds a key file, whose values stay open', async () => {
    const folder = await newFolder()
    const file = createFileKeyService(join(folder, 'keys.json'))
    const old = await file.generateDataKey(context)
    const both = succeedKeyService(open(), createFileKeyService(join(folder, 'keys.json'), { isMade: false }))
    expect(await both.unwrapDataKey(old.wrapped, context)).toEqual(old.plain)
    const next = await both.generateDataKey(context)
    expect(await open().unwrapDataKey(next.wrapped, context)).toEqual(next.plain)
    await rm(folder, { recursive: true })
  })
})
