import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prepareDataDir, removeDataDir } from './data-dir.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-data-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('makes a folder, takes it again, and removes it on --reset', async () => {
  const dataDir = join(folder, 'deep', 'data')
  expect(await prepareDataDir(dataDir)).toBe(dataDir)
  await writeFile(join(dataDir, 'something'), 'x')
  expect(await prepareDataDir(dataDir)).toBe(dataDir)
  await removeDataDir(dataDir)
  expect(await readdir(join(folder, 'deep'))).toEqual([])
  await removeDataDir(dataDir)
})

test('neither uses nor removes a folder of someone else', async () => {
  await writeFile(join(folder, 'thesis.doc'), 'x')
  await expect(prepareDataDir(folder)).rejects.toThrow(`${folder} already holds other files (thesis.doc).`)
  await expect(removeDataDir(folder)).rejects.toThrow('was not made by this program')
  // Even with our mark in it: the folder we are working in is never removed.
  await expect(removeDataDir(process.cwd())).rejects.toThrow('leaves it alone')
  expect(await readdir(folder)).toContain('thesis.doc')
})

test('says that a folder cannot be written to', async () => {
  await writeFile(join(folder, 'file'), 'x')
  await expect(prepareDataDir(join(folder, 'file', 'data'))).rejects.toThrow(
    /cannot be written to \(ENOTDIR\)\. Choose another folder with DATA_DIR\./,
  )
  if (process.platform === 'linux')
    await expect(prepareDataDir('/proc/data')).rejects.toThrow('/proc/data cannot be written to (ENOENT).')
  await mkdir(join(folder, 'empty'))
  expect(await prepareDataDir(join(folder, 'empty'))).toBe(join(folder, 'empty'))
})
