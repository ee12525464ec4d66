import { expect, test } from 'vitest'
import { describeCookies } from './cookies.ts'

test('over https the names bind the cookies to the host, and they travel encrypted only', () => {
  const { access, refresh, signIn } = describeCookies('https://chat.example.com')
  expect(access).toEqual({
    name: '__Host-access',
    options: { httpOnly: true, secure: true, sameSite: 'lax', path: '/' },
  })
  expect(refresh).toEqual({
    name: '__Host-refresh',
    options: { httpOnly: true, secure: true, sameSite: 'strict', path: '/' },
  })
  expect(signIn).toMatchObject({ name: '__Host-sign-in', options: { secure: true, sameSite: 'lax', path: '/' } })
})

test('plain http has plain names, and scripts still cannot read them', () => {
  const cookies = describeCookies('http://127.0.0.1:3000')
  expect(Object.values(cookies).map(({ name }) => name)).toEqual(['access', 'refresh', 'sign-in'])
  for (const { options } of Object.values(cookies)) expect(options).toMatchObject({ httpOnly: true, secure: false })
})
