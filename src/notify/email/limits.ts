/** The limits of the interface definition, as Amazon SES sets them, and our own on what one request may ask. */
export const mostAttachmentBytes = 10 * 1024 * 1024
export const mostRecipients = 50
export const mostPerSecond = 14
export const mostRecipientsOfRequest = 1_000

export type RecipientKind = 'to' | 'cc' | 'bcc'
export type Recipient = { kind: RecipientKind; address: string }

/** Recipients in groups of at most fifty, in order; an address that is named twice gets one copy. */
export function splitRecipients(recipients: readonly Recipient[]): Recipient[][] {
  const unique = new Map<string, Recipient>()
  for (const one of recipients) {
    const key = one.address.toLowerCase()
    if (!unique.has(key)) unique.set(key, one)
  }
  const all = [...unique.values()]
  const parts = Math.ceil(all.length / mostRecipients)
  return Array.from({ length: parts }, (_, part) => all.slice(part * mostRecipients, (part + 1) * mostRecipients))
}
