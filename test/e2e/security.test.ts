import { afterAll, beforeAll, describe } from 'vitest'
import { openOffice, type TestOffice } from '../support/office.ts'
import { describeAccess } from './suites/access-matrix.ts'
import { describeCanary } from './suites/canary.ts'
import { describeHostileFrames } from './suites/hostile-frames.ts'
import { describeHostileRequests } from './suites/hostile-requests.ts'
import { describeOwnThings } from './suites/own-things.ts'

/** Thousands of requests from one address in a minute: the limits have tests of their own. */
const unbounded = Object.fromEntries(
  [
    'PERSON_CALLS',
    'ADDRESS_CALLS',
    'SIGN_IN_FAILURES',
    'SIGN_IN_FAILURES_OVERALL',
    'SOCKET_FRAMES',
    'KEY_FAILURES',
    'KEY_FAILURES_OVERALL',
  ].map((name) => [`LIMIT_${name}`, '1000000']),
)

describe('what an intruder tries', () => {
  let office: TestOffice
  beforeAll(async () => {
    office = await openOffice('one', { given: { LOG_LEVEL: 'debug', ...unbounded } })
  })
  afterAll(() => office?.close())

  describeAccess(() => office)
  describeOwnThings(() => office)
  describeCanary(() => office)
  describeHostileFrames(() => office)
  describeHostileRequests(() => office)
})
