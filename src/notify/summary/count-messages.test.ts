import { expect, test } from 'vitest'
import { sumUp } from './count-messages.ts'

test('states that come to the same are counted together, and one that nobody has thought of is a fault', () => {
  const kinds = { sent: 'sent', delivered: 'sent', suppressed: 'held' } as const
  const rows = [
    { state: 'sent', day: 1, week: 4 },
    { state: 'delivered', day: 2, week: 8 },
    { state: 'suppressed', day: 0, week: 1 },
  ]
  expect(sumUp(rows, kinds)).toEqual({
    day: { pending: 0, sent: 3, failed: 0, held: 0 },
    week: { pending: 0, sent: 12, failed: 0, held: 1 },
  })
  expect(() => sumUp([{ state: 'lost', day: 1, week: 1 }], kinds)).toThrow('lost')
})
