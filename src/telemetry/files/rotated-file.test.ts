import { type FileHandle, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createRotatedFile } from './rotated-file.ts'

test('a line that the disk took half of is joined to no other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rotated-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = createRotatedFile({
    folder,
    stream: 'audit',
    fileBytes: 1_000,
    now: () => new Date('2026-11-28T12:00:00.000Z'),
    onRotate: () => undefined,
  })
  await file.append('{"line":1}\n')
  await fillDiskDuringNextAppend(folder)
  await expect(file.append('{"line":2}\n')).rejects.toThrow('ENOSPC')
  await file.append('{"line":2}\n')
  await file.append('{"line":3}\n')
  await file.close()

  const texts = await Promise.all((await readdir(folder)).sort().map((name) => readFile(join(folder, name), 'utf8')))
  expect(texts).toEqual(['{"line":1}\n{"li', '{"line":2}\n{"line":3}\n'])
})

/** The next append of any file writes four bytes and fails, as on a full disk. */
async function fillDiskDuringNextAppend(folder: string): Promise<void> {
  await using any = await open(folder)
  const methods = Object.getPrototypeOf(any) as FileHandle
  const append = vi.spyOn(methods, 'appendFile')
  append.mockImplementationOnce(async function (this: FileHandle, text) {
    await this.write(String(text).slice(0, 4))
    throw new Error('ENOSPC: no space left on device, write')
  })
  onTestFinished(() => append.mockRestore())
}
