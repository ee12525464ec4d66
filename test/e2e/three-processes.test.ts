import { afterAll, beforeAll, describe } from 'vitest'
import { openOffice, type TestOffice } from '../support/office.ts'
import { describeAnswers } from './suites/answers.ts'
import { describeApiKeys } from './suites/api-keys.ts'
import { describeBrowser } from './suites/browser.ts'
import { describeChanges } from './suites/changes.ts'
import { describeFaults } from './suites/faults.ts'
import { describeInterfaces } from './suites/interfaces.ts'
import { describeMail } from './suites/mail.ts'
import { describePush } from './suites/push.ts'
import { describeRoleMetrics } from './suites/role-metrics.ts'
import { describeTraining } from './suites/training.ts'

describe('one process a role', () => {
  let office: TestOffice
  beforeAll(async () => {
    office = await openOffice('three')
  })
  afterAll(() => office?.close())

  describeAnswers(() => office)
  describeInterfaces(() => office)
  describeApiKeys(() => office)
  describeMail(() => office)
  describePush(() => office)
  describeTraining(() => office)
  describeBrowser(() => office)
  describeChanges(() => office)
  describeRoleMetrics(() => office)
  // Last: it takes processes away.
  describeFaults(() => office)
})
