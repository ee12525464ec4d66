const lastRefreshKey = 'refreshed-at'

/**
 * Renews the access token once for all tabs: refresh tokens rotate, so two tabs spending the same one would end the
 * session. Who waited for the lock finds that the other tab has just refreshed and does nothing. False: session over.
 */
export async function refreshSession(): Promise<boolean> {
  const askedAt = Date.now()
  const run = async () => {
    if (Number(localStorage.getItem(lastRefreshKey) ?? 0) > askedAt) return true
    const response = await fetch('/auth/refresh', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(10_000),
    }).catch(() => null)
    if (!response?.ok) return false
    localStorage.setItem(lastRefreshKey, String(Date.now()))
    return true
  }
  return navigator.locks ? navigator.locks.request('refresh-session', run) : run()
}
