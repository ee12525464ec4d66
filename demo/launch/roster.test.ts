import { expect, test } from 'vitest'
import { createRoster, type Running } from './roster.ts'

/** A part that runs until it is stopped or told to end. */
function createPart(name: string, events: string[]) {
  const ending = Promise.withResolvers<string>()
  let runs = true
  const end = (how: string) => {
    runs = false
    ending.resolve(how)
  }
  const running: Running = {
    pid: 1,
    url: `http://${name}`,
    ended: ending.promise,
    isRunning: () => runs,
    kill: (signal) => end(signal),
    stop: async () => {
      events.push(`stop ${name}`)
      end('SIGTERM')
    },
  }
  return { running, end }
}

test('stops in the order of the tiers, and tells only of parts that ended by themselves', async () => {
  const events: string[] = []
  const roster = createRoster<'database' | 'erp' | 'service'>((name, how) => events.push(`${name} ended: ${how}`))
  const erp = createPart('erp', events)
  for (const [name, tier] of [
    ['database', 0],
    ['service', 2],
  ] as const) {
    await roster.add({ name, tier, start: async () => createPart(name, events).running })
  }
  await roster.add({ name: 'erp', tier: 1, start: async () => erp.running })
  erp.end('exit code 3')
  await Promise.resolve()
  await roster.stopAll()
  await Promise.resolve()
  expect(events).toEqual(['erp ended: exit code 3', 'stop service', 'stop erp', 'stop database'])
  expect(roster.parts.service?.isRunning()).toBe(false)
})

test('does not tell of a part that was stopped on purpose, and starts it again', async () => {
  const events: string[] = []
  const roster = createRoster<'erp'>((name) => events.push(`${name} ended`))
  let starts = 0
  const part = await roster.add({
    name: 'erp',
    tier: 0,
    start: async () => createPart(`erp${++starts}`, events).running,
  })
  await part.stop()
  expect(part.isRunning()).toBe(false)
  await part.restart()
  expect([part.url, part.isRunning()]).toEqual(['http://erp2', true])
  expect(events).toEqual(['stop erp1'])
})

test('stops what was still starting, and starts nothing after that', async () => {
  const events: string[] = []
  const roster = createRoster<'slow' | 'late'>(() => undefined)
  const slow = roster.add({
    name: 'slow',
    tier: 0,
    start: (signal) => new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('was stopped')))),
  })
  slow.catch(() => undefined)
  await roster.stopAll()
  await expect(slow).rejects.toThrow('was stopped')
  await expect(
    roster.add({ name: 'late', tier: 0, start: async () => createPart('late', events).running }),
  ).rejects.toThrow('Stopped while starting.')
})
