import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { demoPassword } from '../../demo/accounts.ts'
import { launchOffice } from '../../demo/launch/office.ts'
import type { Conversation } from '../../src/chat/api.ts'
import type { Cookies, Language } from './looks.ts'

export type Product = { url: string; stop: () => Promise<void> }

/** The product that SHOTS_URL names, or one of our own with its demo office. */
export async function openProduct(): Promise<Product> {
  if (process.env.SHOTS_URL) return { url: process.env.SHOTS_URL, stop: async () => undefined }
  const screen = { write: (text: string) => void process.stdout.write(text), isTerminal: false, columns: 100 }
  const office = await launchOffice({ dataDir: '.data/shots', port: 0, screen })
  return { url: office.url, stop: office.stop }
}

/** Signs in as a person does, through the sign-in server's page, and returns the browser's cookies. */
export async function signIn(browser: Browser, url: string, login: string): Promise<Cookies> {
  const context = await browser.newContext({ locale: 'ko-KR' })
  try {
    const page = await context.newPage()
    await page.goto(url)
    await page.getByRole('button', { name: '회사 계정으로 로그인' }).click()
    await page.locator('#login').fill(login)
    await page.locator('#password').fill(demoPassword)
    await page.locator('#submit').click()
    await page.getByRole('textbox', { name: '질문' }).waitFor()
    return await context.cookies()
  } finally {
    await context.close()
  }
}

/** Deletes all of a person's conversations, so that a list shows only what belongs to the picture. */
export async function clear(url: string, cookies: Cookies): Promise<void> {
  const headers = headersOf(url, cookies, 'ko')
  const reply = await fetch(`${url}/api/v1/conversations`, { headers })
  const { body } = (await reply.json()) as { body: { conversations: { conversationId: string }[] } }
  for (const { conversationId } of body.conversations) {
    await fetch(`${url}/api/v1/conversations/${conversationId}`, { method: 'DELETE', headers })
  }
  if (body.conversations.length > 0) await clear(url, cookies)
}

/** Asks the questions one after another in a new conversation and returns it as the product kept it. */
export async function hold(
  url: string,
  cookies: Cookies,
  talk: { language: Language; questions: string[] },
): Promise<Conversation> {
  const headers = headersOf(url, cookies, talk.language)
  let conversationId: string | undefined
  for (const text of talk.questions) {
    const body = JSON.stringify({ text, language: talk.language, ...(conversationId && { conversationId }) })
    const reply = await ask(`${url}/api/v1/chat/messages`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    })
    if (!reply.ok) throw new Error(`“${text}”: ${reply.status} ${await reply.text()}`)
    const answer = (await reply.json()) as { body: { conversationId: string } }
    conversationId = answer.body.conversationId
  }
  const kept = await fetch(`${url}/api/v1/conversations/${conversationId}`, { headers })
  return ((await kept.json()) as { body: Conversation }).body
}

/** A question a person may ask only so many of a minute: waits when that is what the service says. */
async function ask(url: string, request: RequestInit): Promise<Response> {
  const reply = await fetch(url, request)
  if (reply.status !== 429) return reply
  await sleep(Number(reply.headers.get('retry-after') ?? 5) * 1000)
  return ask(url, request)
}

/** A person's cookies, from our own page. */
function headersOf(url: string, cookies: Cookies, language: Language): Record<string, string> {
  return {
    cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
    origin: url,
    'accept-language': language,
  }
}
