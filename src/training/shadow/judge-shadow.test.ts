import { expect, test } from 'vitest'
import { noCounts } from './count-difference.ts'
import { judgeShadow } from './judge-shadow.ts'

const shadow = { leastReadings: 50, mostFailed: 0, mostOtherIntent: 0.1, mostOtherQuery: 0.2, mostOtherConfidence: 1 }

test.each([
  [{ ...noCounts, readings: 100 }, []],
  [{ ...noCounts, readings: 100, otherIntent: 10, otherQuery: 20, otherConfidence: 100 }, []],
  [{ ...noCounts, readings: 100, otherIntent: 11 }, ['another intent: 0.110']],
  [{ ...noCounts, readings: 100, otherQuery: 21 }, ['another query: 0.210']],
  [{ ...noCounts, readings: 99, failed: 1 }, ['failed: 0.010']],
  // What was dropped was not read, and what is too little says nothing.
  [{ ...noCounts, readings: 49, dropped: 900, otherIntent: 49 }, []],
  [null, []],
])('%j: %j', (counts, found) => {
  const reasons = judgeShadow({ shadow }, counts)
  expect(reasons).toHaveLength(found.length)
  for (const [i, reason] of reasons.entries()) expect(reason).toContain(found[i])
})
