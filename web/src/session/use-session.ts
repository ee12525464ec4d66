import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Me, SignOutReply } from '../../../src/auth/api.ts'
import { type ApiClient, ApiError, createApiClient } from '../api/client.ts'
import { refreshSession } from '../api/refresh.ts'
import { currentLanguage, offerLanguage } from '../i18n/i18n.ts'
import { readKeptDevice } from '../push/kept-device.ts'

const callTimeoutMs = 30_000

/** `expired`: was signed in on this page. `unreachable`: we can't know, the server doesn't answer. */
type Session = { state: 'loading' | 'signed-out' | 'expired' | 'unreachable' } | { state: 'signed-in'; me: Me }

export type SessionHandle = { session: Session; api: ApiClient; reload: () => void; signOut: () => Promise<void> }

/** Who is signed in, and the API client that notices when nobody is any more. */
export function useSession(): SessionHandle {
  const [session, setSession] = useState<Session>({ state: 'loading' })
  const onSignedOut = useCallback(() => {
    setSession((now) => (now.state === 'signed-in' ? { state: 'expired' } : { state: 'signed-out' }))
  }, [])
  const api = useMemo(
    () =>
      createApiClient({
        fetch: (...args) => fetch(...args),
        language: currentLanguage,
        refresh: refreshSession,
        onSignedOut,
        timeoutMs: callTimeoutMs,
      }),
    [onSignedOut],
  )
  const reload = useCallback(() => {
    setSession({ state: 'loading' })
    api
      .get<Me>('/api/v1/me')
      .then(async (me) => {
        await offerLanguage(me.language)
        setSession({ state: 'signed-in', me })
      })
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 401) return
        // An account that was switched off keeps its cookie for a while.
        if (error instanceof ApiError && error.status === 403) {
          setSession({ state: 'signed-out' })
          return
        }
        setSession({ state: 'unreachable' })
      })
  }, [api])
  useEffect(reload, [reload])

  const userId = session.state === 'signed-in' ? session.me.userId : undefined
  const signOut = useCallback(async () => {
    // Who uses this browser next is not shown what was meant for this person.
    if (userId !== undefined && readKeptDevice())
      await import('../push/register-browser.ts')
        .then(({ forgetBrowser }) => forgetBrowser(api, userId))
        .catch(() => undefined)
    // The page shows signed out even when the call fails: the person meant to leave.
    const reply = await api.post<SignOutReply>('/auth/logout', {}).catch(() => null)
    window.location.assign(reply?.endSessionUrl ?? '/?signedOut=1')
  }, [api, userId])
  return { session, api, reload, signOut }
}
