// Shows push messages while no page of ours is open, and opens what they are about. It loads nothing from anywhere.

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('push', (event) => {
  const { notification, data = {} } = readMessage(event.data)
  if (!notification) return
  // The same message twice, or a newer one of its kind, takes the place of the one that is shown.
  const options = { body: notification.body ?? '', tag: notification.tag ?? data.pushId, icon: '/icon.svg' }
  event.waitUntil(
    self.registration.showNotification(notification.title ?? '', { ...options, data: { path: pathOf(data.link) } }),
  )
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openPage(event.notification.data?.path ?? '/'))
})

/** What Firebase hands over, as far as it can be read: anyone who knows the subscription could send something else. */
function readMessage(data) {
  try {
    const message = data?.json()
    return typeof message === 'object' && message !== null ? message : {}
  } catch {
    return {}
  }
}

/** A page of ours; whatever else a link says is the first page. */
function pathOf(link) {
  try {
    const url = new URL(String(link ?? '/'), self.location.origin)
    return url.origin === self.location.origin ? url.pathname + url.search : '/'
  } catch {
    return '/'
  }
}

/** Goes there in the window that is open, or in a new one. */
async function openPage(path) {
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (!page) return void (await self.clients.openWindow(path))
  page.postMessage({ kind: 'open', path })
  // Browsers allow it for a moment after a click only.
  await page.focus().catch(() => undefined)
}
