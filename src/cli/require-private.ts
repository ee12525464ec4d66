import { isOpenUrl } from '#platform/loopback'

/** Whether a key or a password may go there: over https, or staying on this machine. Throws a sentence when not. */
export function requirePrivate(url: URL): void {
  if (isOpenUrl(url)) throw new Error(`${url.origin} is not reached over https: nothing was sent.`)
}
