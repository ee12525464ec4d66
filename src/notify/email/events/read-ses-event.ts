import { z } from 'zod'
import type { EmailEvent } from '../email-store.ts'

const recipients = z.array(
  z.object({
    emailAddress: z.string().max(320),
    status: z.string().max(100).optional(),
    diagnosticCode: z.string().optional(),
  }),
)
const timestamp = z.iso.datetime({ offset: true })

/** What Amazon SES publishes of a message; `eventType` with a configuration set, `notificationType` without. */
const sesEventSchema = z.object({
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  mail: z.object({ messageId: z.string().max(200), tags: z.record(z.string(), z.array(z.string())).optional() }),
  delivery: z.object({ timestamp, recipients: z.array(z.string().max(320)).max(100) }).optional(),
  bounce: z.object({ timestamp, bounceType: z.string(), bouncedRecipients: recipients.max(100) }).optional(),
  complaint: z.object({ timestamp, complainedRecipients: recipients.max(100) }).optional(),
  open: z.object({ timestamp }).optional(),
  click: z.object({ timestamp }).optional(),
})

/** The event in a notification; undefined for those that we have no use for, such as Send. Throws when it is no event of SES. */
export function readSesEvent(id: string, text: string): EmailEvent | undefined {
  const { mail, delivery, bounce, complaint, open, click } = sesEventSchema.parse(JSON.parse(text))
  const email = z.uuid().safeParse(mail.tags?.email?.[0])
  const common = { id, email: email.success ? email.data : undefined, providerId: mail.messageId, isPermanent: false }
  const at = (stamp: string) => new Date(stamp)
  if (bounce)
    return {
      ...common,
      kind: 'bounce',
      at: at(bounce.timestamp),
      isPermanent: bounce.bounceType === 'Permanent',
      addresses: bounce.bouncedRecipients.map(({ emailAddress, status }) => ({
        address: bareAddress(emailAddress),
        reply: status,
      })),
    }
  if (complaint) {
    const addresses = complaint.complainedRecipients.map(({ emailAddress }) => ({ address: bareAddress(emailAddress) }))
    return { ...common, kind: 'complaint', at: at(complaint.timestamp), addresses }
  }
  if (delivery) {
    const addresses = delivery.recipients.map((address) => ({ address: bareAddress(address) }))
    return { ...common, kind: 'delivery', at: at(delivery.timestamp), addresses }
  }
  if (open) return { ...common, kind: 'open', at: at(open.timestamp), addresses: [] }
  if (click) return { ...common, kind: 'click', at: at(click.timestamp), addresses: [] }
  return undefined
}

/** `Kim <kim@example.com>` is how some bounces name a recipient. */
function bareAddress(text: string): string {
  return /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text
}
