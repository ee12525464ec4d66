import type { Push } from '#notify'
import type { Outbox, PushMessage } from './outbox.ts'

/** A report or an alert of yesterday is read in the mail or the chat. */
const ttlSeconds = 86_400
/** Four kilobytes in all, of which a Korean letter takes three. */
const longestTitle = 100
const longestText = 700

/** Without control characters but line breaks: several alerts are told on a line each. */
const cut = (text: string, most: number): string => [...text.replace(/(?!\n)\p{Cc}/gu, '')].slice(0, most).join('')

/** Reports and alerts as push messages to every device of their owner, in the language that they were asked for in. */
export function createPushOutbox(requestPush: Push['requestPush']): NonNullable<Outbox['push']> {
  return async ({ userId, language, title, text, link, idempotencyKey }: PushMessage, within) =>
    await requestPush(
      {
        content: {
          notification: { [language]: { title: cut(title, longestTitle), body: cut(text, longestText) } },
          data: { link },
          priority: 'high',
          ttlSeconds,
        },
        target: { users: [userId] },
        requestedBy: 'subscriptions',
        idempotencyKey,
      },
      within,
    )
}
