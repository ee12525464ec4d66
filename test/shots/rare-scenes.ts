import type { Page, WebSocketRoute } from 'playwright-core'
import type { Answer, ClientFrame, Conversation, ServerFrame } from '../../src/chat/api.ts'
import type { Look } from './looks.ts'
import type { Scene, Stage } from './scenes.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const chatSocket = /\/api\/v1\/chat$/
const sentences = {
  ko: {
    down: 'ERP에 연결할 수 없고 사본에도 없는 항목이에요. 다른 질문은 계속할 수 있어요. 잠시 뒤 다시 물어봐 주세요.',
    copy: 'ERP 응답이 늦어 사본으로 답했어요 · 14:29 기준 (3분 전)',
    failover: 'ERP 예비 서버 · 14:32 기준',
  },
  en: {
    down: 'The ERP can’t be reached and our copy doesn’t have this. Other questions still work; ask again in a moment.',
    copy: 'ERP is slow; answered from our copy · as of 14:29 (3 min ago)',
    failover: 'From the standby ERP · as of 14:32',
  },
}

const envelope = (body: unknown) => ({ header: {}, body, metadata: {} })
const refusal = (code: string) => ({
  error: { code, message: '', details: [], timestamp: new Date().toISOString(), traceId },
})

function talkOf(stage: Stage, name: string): Conversation {
  const talk = stage.talks.get(name)
  if (!talk) throw new Error(`no talk ${name}`)
  return talk
}

/** A real conversation with its last answer changed on the way to the browser. */
const changed = (
  name: string,
  talk: string,
  change: (answer: Answer, language: Look['language']) => Answer,
): Scene => ({
  name,
  as: 'sanghyun',
  async play(stage) {
    const { page, look, url } = stage
    const kept = talkOf(stage, talk)
    const turns = kept.turns.map((turn) => ({ ...turn, answer: change(turn.answer, look.language) }))
    await page.route(`**/api/v1/conversations/${kept.conversationId}`, (route) =>
      route.fulfill({ json: envelope({ ...kept, turns }) }),
    )
    await page.goto(`${url}/c/${kept.conversationId}`)
  },
})

/** Asks in the page while `reply` plays the server's side of the socket. */
async function askWith(
  stage: Stage,
  reply: (frame: ClientFrame, send: (frame: ServerFrame) => void) => void,
): Promise<void> {
  const { page, url } = stage
  await page.routeWebSocket(chatSocket, (socket: WebSocketRoute) => {
    const send = (frame: ServerFrame) => socket.send(JSON.stringify(envelope(frame)))
    socket.onMessage((data) => reply(JSON.parse(String(data)) as ClientFrame, send))
  })
  await page.goto(url)
  await box(page).fill(talkOf(stage, 'ranking').turns[0]?.question ?? '')
  await page.keyboard.press('Enter')
  await page.locator('article').waitFor()
}

const box = (page: Page) => page.getByRole('textbox', { name: /^(질문|Question)$/ })
const never = () => new Promise<void>(() => undefined)

const waiting: Scene[] = [
  { name: 'sent', as: 'sanghyun', play: (stage) => askWith(stage, () => undefined) },
  {
    name: 'looking-up',
    as: 'sanghyun',
    play: (stage) =>
      askWith(stage, ({ requestId }, send) => {
        const { conversationId, turns } = talkOf(stage, 'ranking')
        send({ type: 'accepted', requestId, conversationId })
        send({ type: 'understood', requestId, chips: turns[0]?.answer.chips ?? [], partial: false })
      }),
  },
  {
    name: 'welcome-loading',
    as: 'sanghyun',
    async play({ page, url }) {
      await page.route(/\/api\/v1\/(suggestions|conversations)/, never)
      await page.goto(url)
    },
  },
  {
    name: 'conversation-loading',
    as: 'sanghyun',
    async play(stage) {
      const { conversationId } = talkOf(stage, 'ranking')
      await stage.page.route(`**/api/v1/conversations/${conversationId}`, never)
      await stage.page.goto(`${stage.url}/c/${conversationId}`)
    },
  },
]

const broken: Scene[] = [
  {
    name: 'error',
    as: 'sanghyun',
    play: (stage) =>
      askWith(stage, ({ type, requestId }, send) => {
        if (type !== 'ask') return
        const message = sentences[stage.look.language].down
        send({
          type: 'error',
          requestId,
          error: { code: 'ERP_UNAVAILABLE', message, details: [], timestamp: new Date().toISOString(), traceId },
        })
      }),
  },
  {
    name: 'welcome-failed',
    as: 'sanghyun',
    async play({ page, url }) {
      await page.route(/\/api\/v1\/(suggestions|conversations)/, (route) =>
        route.fulfill({ status: 503, json: refusal('UNAVAILABLE') }),
      )
      await page.goto(url)
    },
  },
  {
    name: 'offline',
    as: 'sanghyun',
    async play(stage) {
      const { page, url } = stage
      await page.goto(`${url}/c/${talkOf(stage, 'number').conversationId}`)
      await page.locator('article').first().waitFor()
      await page.context().setOffline(true)
      await box(page).fill(talkOf(stage, 'ranking').turns[0]?.question ?? '')
    },
  },
  {
    name: 'server-lost',
    as: 'sanghyun',
    async play(stage) {
      const { page, url } = stage
      let cut: () => void = () => undefined
      let up = true
      await page.routeWebSocket(chatSocket, (socket) => {
        if (up) cut = () => void socket.close()
        else void socket.close()
      })
      await page.route('**/api/v1/me', (route) => (up ? route.continue() : route.abort()))
      await page.goto(`${url}/c/${talkOf(stage, 'number').conversationId}`)
      await page.locator('article').first().waitFor()
      up = false
      cut()
      await page.getByText(/서버와 연결이 끊겼|Connection to the server was lost/).waitFor()
    },
  },
  {
    name: 'unreachable',
    as: 'sanghyun',
    async play({ page, url }) {
      await page.route('**/api/v1/me', (route) => route.abort())
      await page.goto(url)
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'session-expired',
    as: 'sanghyun',
    async play({ page, url }) {
      await page.goto(url)
      await box(page).waitFor()
      await page.route(/\/(api\/v1|auth)\/(?!about)/, (route) =>
        route.fulfill({ status: 401, json: refusal('SESSION_ENDED') }),
      )
      await page
        .getByRole('button', { name: /^(EN|English|한국어)$/ })
        .first()
        .waitFor()
      // Any call will do: the examples are asked for again in another language, and then back.
      const other = page.locator('fieldset button[aria-pressed="false"]')
      const mine = page.locator('fieldset button[aria-pressed="true"]')
      const name = await mine.textContent()
      await other.click()
      await page.locator('fieldset button', { hasText: name ?? '' }).click()
    },
  },
  changed('answer-copy', 'number', (answer, language) => ({
    ...answer,
    source: 'copy',
    sourceText: sentences[language].copy,
  })),
  changed('answer-failover', 'number', (answer, language) => ({
    ...answer,
    source: 'failover',
    sourceText: sentences[language].failover,
  })),
  changed('answer-failed', 'number', (_, language) => ({
    kind: 'failed',
    language,
    text: sentences[language].down,
    chips: [],
    prompts: [],
    errorCode: 'ERP_UNAVAILABLE',
  })),
]

/** States that a healthy product does not show on demand: brought about between the browser and the server. */
export const rareScenes: Scene[] = [...waiting, ...broken]
