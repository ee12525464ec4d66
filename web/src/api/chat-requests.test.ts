import { expect, test } from 'vitest'
import { exportPath } from './chat-requests.ts'

test('an export is addressed by conversation and turn', () => {
  expect(exportPath('c1', 't1', 'csv')).toBe('/api/v1/conversations/c1/turns/t1/export?format=csv')
})
