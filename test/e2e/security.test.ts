import { afterAll, beforeAll, describe } from 'vitest'
import { openOffice, type TestOffice } from '../support/office.ts'
import { describeAccess } from './suites/access-matrix.ts'
import { describeCanary } from './suites/canary.ts'
import { describeHostileRequests } from './suites/hostile-requests.ts'

describe('what an intruder tries', () => {
  let office: TestOffice
  beforeAll(async () => {
    office = await openOffice('one', { LOG_LEVEL: 'debug', LIMIT_PER_PERSON: '1000000', LIMIT_PER_ADDRESS: '1000000' })
  })
  afterAll(() => office?.close())

  describeAccess(() => office)
  describeCanary(() => office)
  describeHostileRequests(() => office)
})
