import { deleteApp, initializeApp } from '@firebase/app'
import { getMessaging, getToken } from '@firebase/messaging'
import type { WebPushBody } from '../../../src/notify/push/api.ts'

type App = NonNullable<WebPushBody['app']>

/** The registration token of this browser, for messages that `worker` shows. Google's code, loaded by those who ask for it only. */
export async function fetchToken(app: App, worker: ServiceWorkerRegistration): Promise<string> {
  const { vapidKey, senderId, ...rest } = app
  const firebase = initializeApp({ ...rest, messagingSenderId: senderId }, 'push')
  try {
    return await getToken(getMessaging(firebase), { vapidKey, serviceWorkerRegistration: worker })
  } finally {
    await deleteApp(firebase)
  }
}
