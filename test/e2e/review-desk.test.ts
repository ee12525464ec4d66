import { afterAll, beforeAll, describe } from 'vitest'
import { openOffice, type TestOffice } from '../support/office.ts'
import { describeReviewDesk } from './suites/review-desk.ts'

describe('all roles in one process', () => {
  let office: TestOffice
  beforeAll(async () => {
    office = await openOffice('one')
  })
  afterAll(() => office?.close())

  describeReviewDesk(() => office)
})
