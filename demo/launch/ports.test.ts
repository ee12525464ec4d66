import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { choosePorts } from './ports.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-ports-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('keeps the ports of the last start, and changes only those that were taken since', async () => {
  const names = ['identity', 'mail', 'erp'] as const
  const first = await choosePorts(folder, names)
  expect(new Set(Object.values(first)).size).toBe(3)
  expect(await choosePorts(folder, names)).toEqual(first)

  const stranger = createServer()
  await new Promise<void>((done) => stranger.listen(first.mail, '127.0.0.1', done))
  const second = await choosePorts(folder, names)
  expect(second).toEqual({ ...first, mail: second.mail })
  expect(second.mail).not.toBe(first.mail)
  stranger.close()
})

test('gives each name its own port even when the file says otherwise', async () => {
  const { a } = await choosePorts(folder, ['a'])
  writeFileSync(join(folder, 'ports.json'), JSON.stringify({ a, b: a, c: 'x', d: 99_999 }))
  const ports = await choosePorts(folder, ['a', 'b', 'c', 'd'])
  expect(ports.a).toBe(a)
  expect(new Set(Object.values(ports)).size).toBe(4)
})
