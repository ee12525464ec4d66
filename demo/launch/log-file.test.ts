import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLogFile } from './log-file.ts'

test('never grows past twice its limit, and shows its end', () => {
  const folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'a.log')
  for (let n = 0; n < 300; n++) openLogFile(path, 1_000).write(`line ${n}\n`)
  expect(openLogFile(path).tail(2)).toBe('line 298\nline 299')
  expect(readdirSync(folder)).toEqual(['a.log', 'a.log.1'])
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(1_100)
  expect(openLogFile(join(folder, 'none.log')).tail(5)).toBe('')
})
