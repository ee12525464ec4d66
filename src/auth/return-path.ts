const longest = 500

/** A path of ours to return to after sign-in; `/` for anything else, so that nobody is sent to another site or back to sign-in. */
export function readReturnPath(text: string | undefined): string {
  // Backslashes and control characters are what browsers read differently from us.
  if (!text || text.length > longest || !/^\/[^\\\p{Cc}]*$/u.test(text)) return '/'
  const base = new URL('http://localhost')
  const url = URL.parse(text, base.href)
  if (url?.origin !== base.origin || /^\/(auth|api)(\/|$)/i.test(url.pathname)) return '/'
  // Written anew from its parts: what `//host` or `/./` would become is what is judged.
  const path = `${url.pathname}${url.search}${url.hash}`
  return path.startsWith('//') ? '/' : path
}
