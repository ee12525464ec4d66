import { expect, test } from 'vitest'
import { reasonOf } from './failure-reason.ts'

test('names causes without quoting what was read', () => {
  const parse = () => {
    try {
      return JSON.parse('{"phone": 010-1234}')
    } catch (error) {
      return error
    }
  }
  expect(reasonOf(new Error('ERP_BAD_REPLY', { cause: new Error('not JSON', { cause: parse() }) }))).toBe(
    'ERP_BAD_REPLY < not JSON < SyntaxError',
  )
  const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED' })
  expect(reasonOf(new Error('connect', { cause: refused }))).toBe('connect < ECONNREFUSED')
  expect(reasonOf('no error')).toBe('')
})
