import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPassword } from '../../demo/accounts.ts'
import { hasChromium, openBrowser } from '../support/chromium.ts'
import { openOffice, type TestOffice } from '../support/office.ts'

const folder = mkdtempSync(join(tmpdir(), 'web-push-'))
const credentials = join(folder, 'service-account.json')
const token = `fcm:${randomUUID()}`

function writeCredentials(): void {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const account = { type: 'service_account', project_id: 'hanbit-chat', private_key_id: 'k', private_key: key }
  writeFileSync(credentials, JSON.stringify({ ...account, client_email: 'push@hanbit-chat.iam.gserviceaccount.com' }))
}

/** The browser's own push service is Google's and out of reach here: a subscription as it would have made one. */
const pushServiceStandIn = `
  const bytes = (count) => new Uint8Array(count).fill(7).buffer
  let subscription = null
  PushManager.prototype.getSubscription = async () => subscription
  PushManager.prototype.subscribe = async (options) => {
    subscription = {
      endpoint: 'https://push.example/1', options, expirationTime: null,
      getKey: (name) => bytes(name === 'auth' ? 16 : 65),
      unsubscribe: async () => { subscription = null; return true },
    }
    return subscription
  }`

type Shown = { title: string; body: string; tag: string; path: string }
const readShown = `navigator.serviceWorker.ready
  .then((worker) => worker.getNotifications())
  .then((list) => list.map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path })))`
const readScripts = `performance.getEntriesByType('resource')
  .filter(({ initiatorType }) => initiatorType === 'script').map(({ name }) => new URL(name).origin)`
const pressShown = `self.registration.getNotifications({ tag: 'stock' }).then(([notification]) =>
  self.dispatchEvent(new NotificationEvent('notificationclick', { notification })))`

describe.skipIf(!hasChromium('push messages in the browser'))('push messages in the browser', () => {
  let office: TestOffice
  let browser: Browser
  let context: BrowserContext
  let page: Page
  const asked: string[] = []
  const problems: string[] = []

  beforeAll(async () => {
    writeCredentials()
    const web = { FCM_WEB_API_KEY: 'AIzaTest', FCM_WEB_APP_ID: '1:2:web:3', FCM_WEB_SENDER_ID: '123' }
    // A public key of the P-256 curve, as VAPID has them.
    const vapid = 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM'
    const given = { ...web, FCM_WEB_VAPID_KEY: vapid, FCM_CREDENTIALS_FILE: credentials }
    office = await openOffice('one', { given: { ...given, FCM_ENDPOINT: 'http://127.0.0.1:9' } })
    browser = await openBrowser()
    context = await browser.newContext({ locale: 'ko-KR', timezoneId: 'Asia/Seoul' })
    await context.grantPermissions(['notifications'], { origin: new URL(office.url).origin })
    await context.addInitScript({ content: pushServiceStandIn })
    const answer = (url: string, json: object) =>
      context.route(url, async (route) => {
        asked.push(`${route.request().method()} ${new URL(route.request().url()).pathname}`)
        const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' }
        await route.fulfill({ json, headers })
      })
    const authToken = { token: 'a.b.c', expiresIn: '604800s' }
    await answer('https://firebaseinstallations.googleapis.com/**', { fid: 'f', refreshToken: 'r', authToken })
    await answer('https://fcmregistrations.googleapis.com/**', { token })
    page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    await page.goto(office.url)
    await page.getByRole('button', { name: '회사 계정으로 로그인' }).click()
    await page.locator('#login').fill('minsu')
    await page.locator('#password').fill(demoPassword)
    await page.locator('#password').press('Enter')
    await page.getByRole('textbox', { name: '질문' }).waitFor()
    problems.length = 0
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await office?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const devices = async () => {
    const minsu = await office.signIn('minsu')
    const { body } = (await minsu.call('/api/v1/me/devices')) as unknown as { body: { body: { devices: object[] } } }
    return body.body.devices
  }

  test('begin at the press of a button, with Firebase’s own exchange and no script from elsewhere', async () => {
    await page.goto(new URL('/subscriptions', office.url).href)
    expect(asked).toEqual([])
    await page.getByRole('button', { name: '푸시 받기' }).click()
    await page.getByText('이 브라우저로 푸시를 받고 있어요.').waitFor()
    expect(asked).toEqual([
      'POST /v1/projects/hanbit-chat/installations',
      'POST /v1/projects/hanbit-chat/registrations',
    ])
    expect(await devices()).toMatchObject([
      { platform: 'web', name: expect.stringContaining('Chrome'), language: 'ko' },
    ])
    const scripts = await page.evaluate<string[]>(readScripts)
    expect(new Set(scripts)).toEqual(new Set([new URL(office.url).origin]))
  })

  test('a message is shown by the worker, once, and leads to its conversation and nowhere else', async () => {
    const origin = new URL(office.url).origin
    const cdp = await context.newCDPSession(page)
    const registered = new Promise<string>((resolve) => {
      cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [one] = registrations
        if (one) resolve(one.registrationId)
      })
    })
    await cdp.send('ServiceWorker.enable')
    const registrationId = await registered
    const deliver = async (message: unknown) => {
      const data = typeof message === 'string' ? message : JSON.stringify(message)
      await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
    }
    const shown = () => page.evaluate<Shown[]>(readShown)
    const conversation = `/c/${randomUUID()}`
    const message = (link: string, tag: string) => ({
      notification: { title: '재고 <b>부족', body: 'A-100이 80개예요.', tag },
      data: { pushId: randomUUID(), link },
    })
    await deliver('nonsense')
    await deliver({ data: { a: 'b' } })
    for (const _ of [1, 2]) await deliver(message(new URL(conversation, origin).href, 'stock'))
    await expect
      .poll(shown, { timeout: 15_000 })
      .toEqual([{ title: '재고 <b>부족', body: 'A-100이 80개예요.', tag: 'stock', path: conversation }])
    await deliver(message('https://evil.example/c/1', 'evil'))
    await expect
      .poll(async () => (await shown()).find(({ tag }) => tag === 'evil')?.path, { timeout: 15_000 })
      .toBe('/')
    const worker = context.serviceWorkers().find((one) => one.url().endsWith('/push-worker.js'))
    await worker?.evaluate(pressShown)
    await page.waitForURL(`**${conversation}`)
  })

  test('the browser is registered anew at each start, and no more once its person stops', async () => {
    const isRenewal = (url: string, method: string) => method === 'POST' && url.endsWith('/api/v1/me/devices')
    const renewed = page.waitForResponse((reply) => isRenewal(reply.url(), reply.request().method()))
    await page.goto(new URL('/subscriptions', office.url).href)
    expect((await renewed).status()).toBe(200)
    expect(await devices()).toHaveLength(1)
    await page.getByRole('button', { name: '그만 받기' }).click()
    await page.getByRole('button', { name: '푸시 받기' }).waitFor()
    expect(await devices()).toEqual([])
    expect(problems.filter((text) => /Content Security Policy|Refused/i.test(text))).toEqual([])
  })
})
