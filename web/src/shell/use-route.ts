import { useCallback, useSyncExternalStore } from 'react'

/** Which conversation the address names; null is a new one. */
export type Route = { conversationId: string | null }
export type Navigate = (conversationId: string | null, how?: 'push' | 'replace') => void

const conversationPath = /^\/c\/([0-9a-f-]{36})\/?$/i
const moved = 'route-moved'

/** Reads `/c/:id`; every other address is a new conversation. */
export function readRoute(path: string): Route {
  return { conversationId: conversationPath.exec(path)?.[1] ?? null }
}

function subscribe(onMove: () => void): () => void {
  window.addEventListener('popstate', onMove)
  window.addEventListener(moved, onMove)
  return () => {
    window.removeEventListener('popstate', onMove)
    window.removeEventListener(moved, onMove)
  }
}

/** The path of the address as state. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname)
}

/** Goes to another page of ours without loading anew. */
export function moveTo(path: string): void {
  if (path === window.location.pathname + window.location.search) return
  window.history.pushState(null, '', path)
  window.dispatchEvent(new Event(moved))
}

/** The address as state, and the way to change it. */
export function useRoute(): { route: Route; navigate: Navigate } {
  const path = usePath()
  const navigate = useCallback<Navigate>((conversationId, how = 'push') => {
    const next = conversationId === null ? '/' : `/c/${conversationId}`
    if (next === window.location.pathname && window.location.search === '') return
    window.history[how === 'push' ? 'pushState' : 'replaceState'](null, '', next)
    window.dispatchEvent(new Event(moved))
  }, [])
  return { route: readRoute(path), navigate }
}
