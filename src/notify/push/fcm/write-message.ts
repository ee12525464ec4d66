import { type DeviceContent, dataOf } from '../push-content.ts'

/**
 * A message as `projects.messages.send` of FCM HTTP v1 takes it, but for the token that its writer adds. Written once for all devices that
 * get the same. A second copy of a notification takes the place of the first on the device: it has the same tag.
 */
export function writeMessage(content: DeviceContent, now: Date): (token: string) => string {
  const { push, notification, priority, collapseKey, expiresAt } = content
  const isHigh = priority === 'high'
  const ttl = Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / 1000))
  const tag = collapseKey ?? push
  const rest = JSON.stringify({
    ...(notification && { notification }),
    data: dataOf(content),
    android: {
      priority: isHigh ? 'HIGH' : 'NORMAL',
      ttl: `${ttl}s`,
      ...(collapseKey !== undefined && { collapse_key: collapseKey }),
      ...(notification && { notification: { tag } }),
    },
    apns: {
      headers: {
        // Apple refuses the high priority for what shows nothing.
        'apns-priority': isHigh && notification ? '10' : '5',
        'apns-expiration': String(Math.floor(expiresAt.getTime() / 1000)),
        'apns-collapse-id': tag,
      },
      ...(!notification && { payload: { aps: { 'content-available': 1 } } }),
    },
    webpush: {
      headers: { TTL: String(ttl), Urgency: isHigh ? 'high' : 'normal' },
      ...(notification && { notification: { tag } }),
    },
  })
  return (token) => `{"message":{"token":${JSON.stringify(token)},${rest.slice(1)}}`
}
