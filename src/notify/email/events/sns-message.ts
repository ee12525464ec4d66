import { z } from 'zod'

const common = {
  MessageId: z.string().min(1).max(200),
  TopicArn: z.string().max(300),
  Message: z.string().max(400_000),
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string().max(2_000),
  SigningCertURL: z.string().max(500),
}

/** A message of Amazon SNS over HTTPS: a notification, or what confirms that a topic may send here. */
export const snsMessageSchema = z.discriminatedUnion('Type', [
  z.object({ Type: z.literal('Notification'), Subject: z.string().optional(), ...common }),
  z.object({
    Type: z.literal('SubscriptionConfirmation'),
    Token: z.string(),
    SubscribeURL: z.string().max(2_000),
    ...common,
  }),
  z.object({
    Type: z.literal('UnsubscribeConfirmation'),
    Token: z.string(),
    SubscribeURL: z.string().max(2_000),
    ...common,
  }),
])

export type SnsMessage = z.infer<typeof snsMessageSchema>

const signedKeys = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const

/** The text that a message's signature is over: keys and values in the order that Amazon sets. */
export function signedTextOf(message: SnsMessage): string {
  const values = new Map<string, unknown>(Object.entries(message))
  return signedKeys[message.Type]
    .filter((key) => values.get(key) !== undefined)
    .map((key) => `${key}\n${String(values.get(key))}\n`)
    .join('')
}

/** Whether an address is one of Amazon SNS: what is fetched from elsewhere, an attacker chooses. */
export function isSnsAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, port, username, password } = new URL(text)
  return (
    protocol === 'https:' &&
    port === '' &&
    username === '' &&
    password === '' &&
    /^sns\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com(\.cn)?$/.test(hostname)
  )
}
