import { createHash, timingSafeEqual } from 'node:crypto'

/** Someone who can sign in. `groups` are the product's roles. */
export type IdentityAccount = {
  login: string
  password: string
  name: string
  email: string
  department: string
  title: string
  groups: string[]
}

/** What an ID token and the userinfo endpoint say of a person. */
export function claimsOf(account: IdentityAccount): { sub: string; [claim: string]: string | string[] } {
  const { login, name, email, department, title, groups } = account
  return { sub: login, name, preferred_username: login, email, department, title, groups }
}

/** The account these belong to, or `undefined`. Takes as long for an unknown login name as for a wrong password. */
export function checkPassword(
  accounts: IdentityAccount[],
  login: string,
  password: string,
): IdentityAccount | undefined {
  const account = accounts.find((candidate) => candidate.login === login)
  const matches = timingSafeEqual(digest(password), digest(account?.password ?? ''))
  return account !== undefined && matches ? account : undefined
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
