import { expect, test } from 'vitest'
import { createLogger } from '#platform/log'
import { createServerGroup, type Server } from './server-group.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const server = (name: string): Server => ({ name, url: new URL('http://127.0.0.1:1/') })
const settle = () => new Promise((resolve) => setImmediate(resolve))

function open() {
  const state = { time: 0, probes: [] as string[], answers: false }
  const servers = [server('primary'), server('standby')]
  const probe = async ({ name }: Server) => {
    state.probes.push(name)
    if (!state.answers) throw new Error('still down')
  }
  const group = createServerGroup({ servers, probe, restMs: 1_000, log, now: () => new Date(state.time) })
  const names = () => group.inOrder().map(({ name }) => name)
  return { state, group, names, primary: servers[0]!, standby: servers[1]! }
}

test('the primary goes first, until it is lost', () => {
  const { group, names, primary } = open()
  expect(names()).toEqual(['primary', 'standby'])
  expect(group.status().state).toBe('live')
  group.reportLost(primary)
  expect(names()).toEqual(['standby', 'primary'])
  expect(group.status().state).toBe('failover')
})

test('with none left all are still tried', () => {
  const { group, names, primary, standby } = open()
  group.reportLost(primary)
  group.reportLost(standby)
  expect(names()).toEqual(['primary', 'standby'])
  expect(group.status()).toMatchObject({ state: 'down', servers: [{ state: 'down' }, { state: 'down' }] })
  group.reportUp(standby)
  expect(names()).toEqual(['standby', 'primary'])
})

test('the primary is asked again after a rest, once at a time, and is back when it answers', async () => {
  const { group, names, primary, state } = open()
  group.reportLost(primary)
  names()
  expect(state.probes).toEqual([])
  state.time = 1_000
  names()
  names()
  expect(state.probes).toEqual(['primary'])
  await settle()
  expect(names()).toEqual(['standby', 'primary'])
  state.time = 2_000
  state.answers = true
  names()
  await settle()
  expect(names()).toEqual(['primary', 'standby'])
  expect(group.status().state).toBe('live')
})
