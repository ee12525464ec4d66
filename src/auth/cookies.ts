import type { CookieSerializeOptions } from '@fastify/cookie'

type Cookie = { name: string; options: CookieSerializeOptions }

/** Our three cookies: the access token, the refresh token, and the mark of the browser that began a sign-in. */
export type Cookies = { access: Cookie; refresh: Cookie; signIn: Cookie }

/**
 * No script can read them. Over https their names bind them to this host (`__Host-`), so that no neighbouring host can set
 * them; such a name asks for the path `/`, so the refresh token comes with every call, and only /auth reads it. Plain http, which is for
 * loopback, knows no such names.
 */
export function describeCookies(publicUrl: string): Cookies {
  const secure = new URL(publicUrl).protocol === 'https:'
  const prefix = secure ? '__Host-' : ''
  const guarded = { httpOnly: true, secure }
  return {
    access: { name: `${prefix}access`, options: { ...guarded, sameSite: 'lax', path: '/' } },
    refresh: { name: `${prefix}refresh`, options: { ...guarded, sameSite: 'strict', path: '/' } },
    // Lax: the provider's redirect back to us comes from another site.
    signIn: { name: `${prefix}sign-in`, options: { ...guarded, sameSite: 'lax', path: '/' } },
  }
}
