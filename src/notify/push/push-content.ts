/** What a push says, in the languages it is written in; a device gets its own where there is one. */
type Words = { title: string; body: string }
export type PushLanguage = 'ko' | 'en'

/** A notification, data, or both: what one request sends. Absent is what nobody asked for. */
export type PushContent = {
  notification?: { [language in PushLanguage]?: Words | undefined } | undefined
  data?: Record<string, string> | undefined
  priority: 'high' | 'normal'
  /** How long after its time it may still arrive. */
  ttlSeconds: number
  /** Of those with the same key that wait for a device only the last is shown. */
  collapseKey?: string | undefined
}

/** What goes to devices of one language. `push` lets a device, and its app, see that a second copy is the same. */
export type DeviceContent = Omit<PushContent, 'notification' | 'ttlSeconds'> & {
  push: string
  notification?: Words | undefined
  expiresAt: Date
}

/** Payload of a message, as Firebase limits it: notification and data together. */
export const mostPayloadBytes = 4_096
/** Firebase keeps a message for four weeks. */
export const longestTtlSeconds = 28 * 86_400
/** Our own entry in the data of every message. */
const pushIdKey = 'pushId'

/** `content` for a device: in its language, or else in the one there is. */
export function contentFor(
  language: PushLanguage,
  { push, content, dueAt }: { push: string; content: PushContent; dueAt: Date },
): DeviceContent {
  const { notification, ttlSeconds, ...rest } = content
  const other = language === 'ko' ? 'en' : 'ko'
  const words = notification?.[language] ?? notification?.[other]
  const expiresAt = new Date(dueAt.getTime() + ttlSeconds * 1000)
  return { ...rest, push, expiresAt, ...(words && { notification: words }) }
}

/** The data that a device gets: what was given and our id. */
export function dataOf({ data, push }: Pick<DeviceContent, 'data' | 'push'>): Record<string, string> {
  return { ...data, [pushIdKey]: push }
}

/** Bytes of the payload, of the longest language. */
export function measurePayload(content: PushContent): number {
  const push = '00000000-0000-0000-0000-000000000000'
  const sizes = (['ko', 'en'] as const).map((language) => {
    const { notification, data } = contentFor(language, { push, content, dueAt: new Date(0) })
    return Buffer.byteLength(JSON.stringify({ notification, data: dataOf({ data, push }) }))
  })
  return Math.max(...sizes)
}
