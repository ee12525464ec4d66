import { expect, test } from 'vitest'
import { chooseLink } from './choose-link.ts'

const link = (name: string, { healthy = true, room = true, inFlight = 0 } = {}) => ({
  name,
  isHealthy: () => healthy,
  hasRoom: () => room,
  inFlight: () => inFlight,
})
const a = link('a')
const b = link('b')
const c = link('c')

test('healthy servers are taken in turn', () => {
  const chosen = [0, 1, 2, 3].map((turn) => chooseLink([a, b, c], turn, undefined))
  expect(chosen).toEqual([a, b, c, a])
})

test('a server where it was tried comes after the others, and twice is enough', () => {
  const turns = [0, 1, 2]
  expect(turns.map((turn) => chooseLink([a, b], turn, new Map([[a, 1]])))).toEqual([b, b, b])
  expect(turns.map((turn) => chooseLink([a, b], turn, new Map([[a, 2]])))).toEqual([b, b, b])
  const tried = new Map([
    [a, 2],
    [b, 2],
  ])
  expect(chooseLink([a, b], 0, tried)).toBeUndefined()
})

test('one that is not healthy is taken only when none is', () => {
  const ill = link('ill', { healthy: false })
  expect([0, 1].map((turn) => chooseLink([ill, b], turn, undefined))).toEqual([b, b])
  expect(chooseLink([ill], 0, undefined)).toBe(ill)
})

test('a full server is passed over, and when all are full the request waits', () => {
  const full = link('full', { room: false })
  const ill = link('ill', { healthy: false })
  expect([0, 1].map((turn) => chooseLink([full, b], turn, undefined))).toEqual([b, b])
  expect(chooseLink([full, ill], 0, undefined)).toBe('busy')
})

test('a server that is far behind the others is passed over, one that is a little behind is not', () => {
  const behind = link('behind', { inFlight: 30 })
  const busy = link('busy', { inFlight: 25 })
  const ahead = link('ahead', { inFlight: 20 })
  const chosen = [0, 1, 2, 3].map((turn) => chooseLink([behind, busy, ahead], turn, undefined))
  expect(chosen).toEqual([busy, busy, ahead, busy])
})

test('one that is behind is still better than one that was tried, and than none', () => {
  const behind = link('behind', { inFlight: 30 })
  expect(chooseLink([behind, a], 0, new Map([[a, 1]]))).toBe(behind)
  expect(chooseLink([behind, link('full', { room: false })], 0, undefined)).toBe(behind)
})
