import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeLock } from './lock.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('is for one at a time', () => {
  const lock = takeLock(folder)
  expect(() => takeLock(folder)).toThrow(`Already running from ${folder} (process ${process.pid}).`)
  lock.release()
  expect(existsSync(join(folder, 'lock.json'))).toBe(false)
  takeLock(folder).release()
})

test.each([
  ['of a process that is gone', { pid: 4_194_303, started: '1' }],
  ['of a process whose number another one has now', { pid: process.pid, started: 'long ago' }],
  ['that is garbage', 'garbage'],
])('takes over a lock %s', (_, left) => {
  const path = join(folder, 'lock.json')
  writeFileSync(path, JSON.stringify(left))
  const lock = takeLock(folder)
  expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid)
  lock.release()
})

test('leaves a lock alone that someone else took over', () => {
  const lock = takeLock(folder)
  writeFileSync(join(folder, 'lock.json'), JSON.stringify({ pid: 1, started: 'x' }))
  lock.release()
  expect(existsSync(join(folder, 'lock.json'))).toBe(true)
})
