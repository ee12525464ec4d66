import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { completeLock } from '../tools/complete-lock.ts'

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))

test('the lock holds the packages of every platform: npm ci refuses it otherwise (npm run lock:complete)', () => {
  expect(completeLock(lock).missing).toEqual([])
})

test('a platform package that npm left out is seen', () => {
  const name = Object.keys(lock.packages).find((path) => path.startsWith('node_modules/@biomejs/cli-darwin')) ?? ''
  expect(name).not.toBe('')
  const { [name]: _, ...packages } = lock.packages
  expect(completeLock({ ...lock, packages }).missing).toEqual([name])
})

test('no registry is named in the lock', () => {
  expect(JSON.stringify(lock)).not.toMatch(/"resolved":"https?:/)
})
