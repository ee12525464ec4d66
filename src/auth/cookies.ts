import type { CookieSerializeOptions } from '@fastify/cookie'

type Cookie = { name: string; options: CookieSerializeOptions }

/** Our three cookies: the access token, the refresh token, and the mark of the browser that began a sign-in. */
export type Cookies = { access: Cookie; refresh: Cookie; signIn: Cookie }

/**
 * No script can read them. Over https their names bind them to this host (`__Host-`, `__Secure-`), so that no neighbouring
 * host can set them; plain http, which is for loopback, knows no such names. The refresh token travels to /auth only.
 */
export function describeCookies(publicUrl: string): Cookies {
  const secure = new URL(publicUrl).protocol === 'https:'
  const prefix = (kind: '__Host-' | '__Secure-') => (secure ? kind : '')
  const guarded = { httpOnly: true, secure }
  return {
    access: { name: `${prefix('__Host-')}access`, options: { ...guarded, sameSite: 'lax', path: '/' } },
    refresh: { name: `${prefix('__Secure-')}refresh`, options: { ...guarded, sameSite: 'strict', path: '/auth' } },
    // Lax: the provider's redirect back to us comes from another site.
    signIn: { name: `${prefix('__Host-')}sign-in`, options: { ...guarded, sameSite: 'lax', path: '/' } },
  }
}
