import { afterAll, beforeAll, describe } from 'vitest'
import { openOffice, type TestOffice } from '../support/office.ts'
import { describeConsole } from './suites/console.ts'
import { describeNotifyConsole } from './suites/notify-console.ts'

describe('all roles in one process', () => {
  let office: TestOffice
  beforeAll(async () => {
    office = await openOffice('one')
  })
  afterAll(() => office?.close())

  describeConsole(() => office)
  describeNotifyConsole(() => office)
})
