import { useEffect } from 'react'
import type { Me } from '../../../src/auth/api.ts'
import { type ApiClient, isRecord } from '../api/client.ts'
import { moveTo } from '../shell/use-route.ts'
import { readKeptDevice } from './kept-device.ts'

/** While somebody is signed in: keeps a browser that is registered so, and goes where a notification leads that was pressed. */
export function usePush(api: ApiClient, me: Me | null): void {
  const userId = me?.userId
  useEffect(() => {
    if (userId === undefined || !readKeptDevice()) return
    // Nothing to tell anybody: the next start tries again.
    void import('./register-browser.ts').then(({ renewBrowser }) => renewBrowser(api, userId)).catch(() => undefined)
  }, [api, userId])
  useEffect(() => {
    const worker = navigator.serviceWorker
    if (!worker) return
    const follow = ({ data }: MessageEvent) => {
      const isOpen = isRecord(data) && data.kind === 'open' && typeof data.path === 'string'
      if (isOpen && /^\/(?!\/)/.test(String(data.path))) moveTo(String(data.path))
    }
    worker.addEventListener('message', follow)
    return () => worker.removeEventListener('message', follow)
  }, [])
}
