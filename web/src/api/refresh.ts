const lastRefreshKey = 'refreshed-at'
const refreshTimeoutMs = 10_000

/** `over`: nobody is signed in any more. `unknown`: the server could not say, so the session stands. */
export type RefreshOutcome = 'renewed' | 'over' | 'unknown'

/**
 * Renews the access token once for all tabs: refresh tokens rotate, so two tabs spending the same one would end the
 * session. Who waited for the lock finds that the other tab has just refreshed and does nothing.
 */
export async function refreshSession(): Promise<RefreshOutcome> {
  const askedAt = Date.now()
  const run = async (): Promise<RefreshOutcome> => {
    if (Number(localStorage.getItem(lastRefreshKey) ?? 0) > askedAt) return 'renewed'
    const outcome = await postRefresh()
    if (outcome === 'renewed') localStorage.setItem(lastRefreshKey, String(Date.now()))
    return outcome
  }
  return navigator.locks ? navigator.locks.request('refresh-session', run) : run()
}

async function postRefresh(): Promise<RefreshOutcome> {
  try {
    const response = await fetch('/auth/refresh', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(refreshTimeoutMs),
    })
    if (response.ok) return 'renewed'
    return response.status === 401 || response.status === 403 ? 'over' : 'unknown'
  } catch {
    return 'unknown'
  }
}
