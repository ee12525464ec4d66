import type { Logger } from '#platform/log'
import type { EmailStore } from '../email-store.ts'
import type { MailMetrics } from '../mail-metrics.ts'
import { readSesEvent } from './read-ses-event.ts'
import { isSnsAddress, type SnsMessage } from './sns-message.ts'
import type { FetchText } from './verify-sns.ts'

type Deps = {
  check: (message: SnsMessage) => Promise<void>
  fetchText: FetchText
  store: Pick<EmailStore, 'recordEvent'>
  metrics: MailMetrics
  log: Logger
}

/** Takes in a message of Amazon SNS: confirms the topic's subscription, or notes what became of a mail. Throws MAIL_EVENT_REFUSED. */
export async function receiveEvent(
  { check, fetchText, store, metrics, log }: Deps,
  message: SnsMessage,
): Promise<void> {
  await check(message)
  if (message.Type === 'SubscriptionConfirmation') {
    if (!isSnsAddress(message.SubscribeURL))
      throw new Error('The address to confirm a subscription at is not of Amazon SNS')
    await fetchText(message.SubscribeURL)
    log.info({ 'mail.topic': message.TopicArn }, 'The topic of mail events is subscribed to')
    return
  }
  if (message.Type === 'UnsubscribeConfirmation') {
    log.warn({ 'mail.topic': message.TopicArn }, 'The topic of mail events has been unsubscribed from')
    return
  }
  const event = readEvent(message, log)
  if (event && (await store.recordEvent(event))) metrics.reported(event.kind)
}

/** What nobody understands would come again and again if it were refused. */
function readEvent({ MessageId, Message }: SnsMessage, log: Logger) {
  try {
    return readSesEvent(MessageId, Message)
  } catch (error) {
    log.warn({ err: error }, 'A notification of the topic of mail events is no event of SES')
    return undefined
  }
}
