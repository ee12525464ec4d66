import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export type SlackMessage = {
  channel: string
  attachments: { title: string; text: string; color: string; title_link: string }[]
}

/** Takes what is sent to a Slack webhook, in Slack's own shape. */
export async function openSlackInbox(): Promise<{ url: string; messages: SlackMessage[]; close(): Promise<void> }> {
  const messages: SlackMessage[] = []
  const server = createServer(async (request, response) => {
    messages.push(JSON.parse(await text(request)))
    response.end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/x`,
    messages,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Mail = { id: string; to: string[]; subject: string }
type FullMail = Mail & { text: string; html?: string }

/** Mails that came to the demo's mail sink for an address, newest first. */
export async function readMails(mailUrl: string, address: string): Promise<FullMail[]> {
  const get = async (path: string) => {
    const reply = await fetch(new URL(path, mailUrl), { headers: { accept: 'application/json' } })
    return await reply.json()
  }
  const { messages } = (await get('/messages')) as { messages: Mail[] }
  const meant = messages.filter(({ to }) => to.includes(address))
  return await Promise.all(meant.map(async ({ id }) => (await get(`/messages/${id}`)) as FullMail))
}
