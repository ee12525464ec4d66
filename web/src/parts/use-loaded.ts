import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import { ApiError } from '../api/client.ts'

/** What a page reads from the server, on its way, there, or not to be had. */
export type Loaded<T> = { state: 'loading' } | { state: 'failed'; error: ApiError } | { state: 'ready'; value: T }

export type LoadedHandle<T> = {
  loaded: Loaded<T>
  /** Reads again. What is on the page stays until the new value is there; a failure shows only where nothing was. */
  reload: () => void
  /** Shows a value that a change has answered with. */
  show: (value: T) => void
}

/** Reads with `load` at once and whenever `key` changes; the newest reading counts. */
export function useLoaded<T>(load: () => Promise<T>, key: string): LoadedHandle<T> {
  const [held, setHeld] = useState<{ key: string; loaded: Loaded<T> }>({ key, loaded: { state: 'loading' } })
  const [turn, setTurn] = useState(0)
  const read = useEffectEvent(load)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn is a wish to read again
  useEffect(() => {
    let isCurrent = true
    const settle = (change: (before: Loaded<T>) => Loaded<T>) => {
      if (isCurrent)
        setHeld((before) => ({ key, loaded: change(before.key === key ? before.loaded : { state: 'loading' }) }))
    }
    read().then(
      (value) => settle(() => ({ state: 'ready', value })),
      (error: unknown) =>
        settle((before) => (before.state === 'ready' ? before : { state: 'failed', error: asApiError(error) })),
    )
    return () => {
      isCurrent = false
    }
  }, [key, turn])
  const reload = useCallback(() => {
    setHeld((before) => (before.loaded.state === 'failed' ? { ...before, loaded: { state: 'loading' } } : before))
    setTurn((before) => before + 1)
  }, [])
  const show = useCallback((value: T) => setHeld({ key, loaded: { state: 'ready', value } }), [key])
  return { loaded: held.key === key ? held.loaded : { state: 'loading' }, reload, show }
}

/** Whatever was thrown, as an error that a page can tell. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError({ code: 'CLIENT_FAULT', message: '', status: 0 })
}
