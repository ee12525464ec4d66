import type { WebPushBody } from '../../../src/notify/push/api.ts'
import type { ApiClient } from '../api/client.ts'
import { currentLanguage } from '../i18n/i18n.ts'
import { keepDevice, readKeptDevice } from './kept-device.ts'
import { nameBrowser } from './name-browser.ts'

const workerPath = '/push-worker.js'

/** Whether this browser can be sent push messages at all. */
export function canReceivePush(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
}

/** The web app that the operator has set up; null when there is none. */
export async function readWebApp(api: ApiClient): Promise<WebPushBody['app']> {
  return (await api.get<WebPushBody>('/api/v1/push/web-app')).app
}

/**
 * Registers this browser for the person who is signed in. The caller has their permission. Throws ApiError, and whatever Firebase and the
 * browser throw.
 */
export async function registerBrowser(
  api: ApiClient,
  { app, userId }: { app: NonNullable<WebPushBody['app']>; userId: string },
): Promise<void> {
  await navigator.serviceWorker.register(workerPath)
  const worker = await navigator.serviceWorker.ready
  const { fetchToken } = await import('./firebase-token.ts')
  const token = await fetchToken(app, worker)
  const name = nameBrowser(navigator.userAgent)
  const wish = { token, platform: 'web', name, language: currentLanguage() }
  const { device } = await api.post<{ device: string }>('/api/v1/me/devices', wish)
  keepDevice({ device, userId })
}

/** Ends it: the service forgets the device, and the browser its subscription. The latter alone is enough for nothing to arrive. */
export async function forgetBrowser(api: ApiClient, userId: string): Promise<void> {
  const kept = readKeptDevice()
  if (!kept) return
  keepDevice(null)
  const isOwn = kept.userId === userId
  if (isOwn) await api.remove(`/api/v1/me/devices/${encodeURIComponent(kept.device)}`).catch(() => undefined)
  const worker = await navigator.serviceWorker?.getRegistration(workerPath)
  const subscription = await worker?.pushManager?.getSubscription()
  await subscription?.unsubscribe().catch(() => undefined)
}

/** At each start: the token may have changed, and what somebody else had asked for in this browser is not for who is signed in now. */
export async function renewBrowser(api: ApiClient, userId: string): Promise<void> {
  const kept = readKeptDevice()
  if (!kept || !canReceivePush()) return
  if (kept.userId !== userId || Notification.permission !== 'granted') return await forgetBrowser(api, userId)
  const app = await readWebApp(api)
  if (app) await registerBrowser(api, { app, userId })
}
