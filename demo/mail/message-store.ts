import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AddressObject, simpleParser } from 'mailparser'

export type MessageSummary = { id: string; receivedAt: string; from: string; to: string[]; subject: string }
export type Message = MessageSummary & {
  text: string
  /** As sent: not safe to show outside a sandbox. */
  html?: string
  attachments: { name: string; type: string; bytes: number }[]
}
type Envelope = { from: string; to: string[] }

export type MessageStore = {
  add: (raw: Buffer, envelope: Envelope) => Promise<string>
  /** Newest first. */
  list: () => Promise<MessageSummary[]>
  read: (id: string) => Promise<Message | undefined>
  readRaw: (id: string) => Promise<Buffer | undefined>
}

const mostMessages = 500
const idPattern = /^\d{13}-[0-9a-f]{8}$/

/** Messages as .eml files in `folder`, the newest 500. Recipients are those of the SMTP envelope, so blind copies show. */
export async function openMessageStore(folder: string): Promise<MessageStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const ids = (await readdir(folder))
    .flatMap((file) => (file.endsWith('.eml') && isId(file.slice(0, -4)) ? [file.slice(0, -4)] : []))
    .sort()
  const summaries = new Map<string, MessageSummary>()
  const pathOf = (id: string) => join(folder, `${id}.eml`)

  const readRaw = async (id: string) =>
    ids.includes(id) ? await readFile(pathOf(id)).catch(() => undefined) : undefined
  const read = async (id: string) => {
    const raw = await readRaw(id)
    return raw && (await parse(id, raw))
  }
  const summarize = async (id: string) => {
    const known = summaries.get(id)
    if (known) return known
    const message = await read(id)
    if (!message) return undefined
    const { receivedAt, from, to, subject } = message
    const summary = { id, receivedAt, from, to, subject }
    summaries.set(id, summary)
    return summary
  }
  return {
    read,
    readRaw,
    list: async () => {
      const found: MessageSummary[] = []
      for (const id of ids.toReversed()) {
        const summary = await summarize(id)
        if (summary) found.push(summary)
      }
      return found
    },
    add: async (raw, envelope) => {
      const id = `${Date.now()}-${randomBytes(4).toString('hex')}`
      const stamp = `X-Envelope-From: ${envelope.from}\r\nX-Envelope-To: ${envelope.to.join(', ')}\r\n`
      await writeFile(join(folder, `${id}.partial`), Buffer.concat([Buffer.from(stamp), raw]), { mode: 0o600 })
      await rename(join(folder, `${id}.partial`), pathOf(id))
      ids.push(id)
      while (ids.length > mostMessages) {
        const oldest = ids.shift() ?? ''
        summaries.delete(oldest)
        await rm(pathOf(oldest), { force: true })
      }
      return id
    },
  }
}

function isId(text: string): boolean {
  return idPattern.test(text)
}

async function parse(id: string, raw: Buffer): Promise<Message> {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipImageLinks: true })
  const header = (name: string) => addressesOf(mail.headers.get(name))
  return {
    id,
    receivedAt: new Date(Number(id.slice(0, 13))).toISOString(),
    from: mail.from?.text || header('x-envelope-from').join(', '),
    to: header('x-envelope-to'),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    ...(mail.html && { html: mail.html }),
    attachments: mail.attachments.map((part) => ({
      name: part.filename ?? '',
      type: part.contentType,
      bytes: part.size,
    })),
  }
}

function addressesOf(value: unknown): string[] {
  // A sender's own header of that name comes after ours.
  if (Array.isArray(value)) return addressesOf(value[0])
  if (typeof value === 'string') return value.split(', ').filter(Boolean)
  const group = value as AddressObject | undefined
  return group?.value?.flatMap((entry) => (entry.address ? [entry.address] : [])) ?? []
}
