import { CookieJar } from 'tough-cookie'
import { type Dispatcher, request } from 'undici'
import { requirePrivate } from './require-private.ts'

/** Who signs in where. `serviceUrl` is the service's public URL. */
export type PasswordSignIn = { serviceUrl: string; login: string; password: string }
/** The service's own tokens, and the same as a `Cookie` header for the service's front page. */
export type SignedIn = { accessToken: string; refreshToken: string; cookies: string }

const deadlineMs = 10_000
const mostHops = 15

/**
 * Signs in as a browser would: the service's /auth/login, the provider's form (fields `login` and `password`, posted to the
 * page's own address), back to /auth/callback. Throws one sentence when that does not work; each request has 10 s.
 */
export async function signInWithPassword({ serviceUrl, login, password }: PasswordSignIn): Promise<SignedIn> {
  const jar = new CookieJar()
  const form = await follow(jar, new URL('/auth/login', serviceUrl))
  if (form.status !== 200 || form.url.origin === new URL(serviceUrl).origin) {
    throw new Error(`${form.url.origin} answered ${form.status} instead of showing a sign-in page.`)
  }
  requirePrivate(form.url)
  const body = new URLSearchParams({ login, password }).toString()
  const end = await follow(jar, form.url, { method: 'POST', body })
  if (end.status === 401) throw new Error('The login name or the password is not right.')

  const [access, refresh] = await Promise.all(
    [['access', '/'] as const, ['refresh', '/auth/refresh'] as const].map(async ([name, path]) => {
      const cookies = await jar.getCookies(new URL(path, serviceUrl).href)
      // Over https their names have a prefix.
      return cookies.find(({ key }) => key.replace(/^__(Host|Secure)-/, '') === name)?.value
    }),
  )
  if (end.url.origin !== new URL(serviceUrl).origin)
    throw new Error(`The service calls itself ${end.url.origin}, and signs in there only: use --url ${end.url.origin}`)
  if (!access || !refresh)
    throw new Error(`The sign-in ended at ${end.url.origin}${end.url.pathname} (${end.status}) without tokens.`)
  return {
    accessToken: access,
    refreshToken: refresh,
    cookies: await jar.getCookieString(new URL('/', serviceUrl).href),
  }
}

type Sent = { method: 'GET' | 'POST'; body?: string }
type Page = { url: URL; status: number }

/** Sends, and follows redirects as a browser does, keeping cookies for whom they are from. */
async function follow(jar: CookieJar, first: URL, sent: Sent = { method: 'GET' }): Promise<Page> {
  let url = first
  let next = sent
  for (let hop = 0; hop < mostHops; hop++) {
    const response = await send(jar, url, next)
    const location = response.headers.location
    if (response.statusCode < 300 || response.statusCode > 399 || typeof location !== 'string') {
      return { url, status: response.statusCode }
    }
    url = new URL(location, url)
    next = { method: 'GET' }
  }
  throw new Error(`${first.origin} redirects without end.`)
}

async function send(jar: CookieJar, url: URL, { method, body }: Sent): Promise<Dispatcher.ResponseData> {
  const headers: Record<string, string> = { accept: 'text/html', cookie: await jar.getCookieString(url.href) }
  if (body !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded'
  const signal = AbortSignal.timeout(deadlineMs)
  const response = await request(url, { method, headers, signal, ...(body !== undefined && { body }) }).catch(
    (cause) => {
      throw new Error(`${url.origin} cannot be reached.`, { cause })
    },
  )
  await response.body.dump()
  for (const cookie of [response.headers['set-cookie'] ?? []].flat())
    await jar.setCookie(cookie, url.href, { ignoreError: true })
  return response
}
