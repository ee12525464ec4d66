import fc from 'fast-check'
import { expect, test } from 'vitest'
import { worstSecond } from './email-fixture.ts'
import { mostRecipients, type Recipient, splitRecipients } from './limits.ts'

test('everybody is in exactly one part, in order, and no part is over the limit', () => {
  const recipient = fc.record({
    kind: fc.constantFrom('to', 'cc', 'bcc') as fc.Arbitrary<Recipient['kind']>,
    address: fc.integer({ max: 300, min: 0 }).map((n) => `p${n}@example.com`),
  })
  fc.assert(
    fc.property(fc.array(recipient, { maxLength: 400 }), (recipients) => {
      const parts = splitRecipients(recipients)
      const addresses = parts.flat().map(({ address }) => address)
      expect(addresses).toEqual([...new Set(recipients.map(({ address }) => address))])
      for (const [index, part] of parts.entries())
        expect(index === parts.length - 1 ? part.length <= mostRecipients : part.length === mostRecipients).toBe(true)
    }),
  )
})

test('the worst second is counted over every window', () => {
  expect(worstSecond([])).toBe(0)
  expect(worstSecond([0, 500, 999, 1_000, 1_499])).toBe(4)
  expect(worstSecond([0, 1_000, 2_000])).toBe(1)
})
