import { expect, test } from 'vitest'
import { createSteps } from './steps.ts'

function createScreen(isTerminal: boolean) {
  const written: string[] = []
  return {
    screen: { write: (text: string) => void written.push(text), isTerminal, columns: 80 },
    read: () => written.join(''),
  }
}

test('prints one line for each step when it is done, with its time', async () => {
  const { screen, read } = createScreen(false)
  let nowMs = 0
  const steps = createSteps(screen, () => nowMs)
  const value = await steps.step('PostgreSQL', async () => {
    nowMs += 1_260
    return 5
  })
  steps.say('  - a note')
  steps.close()
  expect(value).toBe(5)
  expect(read()).toBe(`  ✓ ${'PostgreSQL'.padEnd(34)}   1.3 s\n  - a note\n`)
})

test('prints no line for a step that failed', async () => {
  const { screen, read } = createScreen(false)
  await expect(createSteps(screen).step('A', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(read()).toBe('')
})

test('shows on a terminal what is under way, and wipes it', async () => {
  const { screen, read } = createScreen(true)
  const steps = createSteps(screen, () => 0)
  await steps.step('Data', async (tell) => {
    tell('40 %')
    steps.say('note')
  })
  expect(read()).toContain('… Data')
  expect(read()).toContain('… Data (40 %)')
  expect(read().split('\r\u001b[2K').at(-1)).toBe(`  ✓ ${'Data'.padEnd(34)}   0.0 s\n`)
})
