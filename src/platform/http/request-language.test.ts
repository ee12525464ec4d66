import { expect, test } from 'vitest'
import { requestLanguage } from './request-language.ts'

test.each([
  [undefined, 'ko'],
  ['', 'ko'],
  ['en', 'en'],
  ['EN-us,en;q=0.9', 'en'],
  ['ko-KR,ko;q=0.9,en;q=0.8', 'ko'],
  ['en;q=0.5,ko;q=0.9', 'ko'],
  ['fr,en;q=0.3', 'en'],
  ['fr,de', 'ko'],
  ['en;q=0', 'ko'],
  ['en;q=x,ko', 'ko'],
  ['*', 'ko'],
])('%s is %s', (header, language) => {
  expect(requestLanguage({ headers: header === undefined ? {} : { 'accept-language': header } })).toBe(language)
})
