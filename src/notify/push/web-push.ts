import { envelopeOf, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import { type WebPushBody, webPushSchema } from './api.ts'

/** A web app of Firebase's as its console shows it. */
export type BrowserApp = NonNullable<WebPushBody['app']>

/** Where a browser exchanges its push subscription for a registration token: Firebase Installations, and FCM's registrations. */
export const firebaseOrigins = [
  'https://firebaseinstallations.googleapis.com',
  'https://fcmregistrations.googleapis.com',
]

/** `GET /api/v1/push/web-app`: what a browser registers for push messages with, for everybody who is signed in. */
export function registerWebPush(server: HttpServer, app: BrowserApp | undefined): void {
  server.get(
    '/api/v1/push/web-app',
    { config: { access: 'signed-in' }, schema: { response: { 200: envelopeOf(webPushSchema) } } },
    async () => wrapMessage({ app: app ?? null }, { destination: 'client' }),
  )
}
