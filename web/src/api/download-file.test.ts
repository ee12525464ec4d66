import { expect, test } from 'vitest'
import { fileName } from './download-file.ts'

test('a file keeps the name the server gave, Korean first', () => {
  expect(fileName(`attachment; filename="sales.xlsx"; filename*=UTF-8''%EB%A7%A4%EC%B6%9C.xlsx`)).toBe('매출.xlsx')
  expect(fileName('attachment; filename="sales.csv"')).toBe('sales.csv')
  expect(fileName("attachment; filename*=UTF-8''%E0%A4%A")).toBeNull()
  expect(fileName(null)).toBeNull()
})
