import type { Page } from 'playwright-core'
import type { Scene, Stage } from './scenes.ts'

const ids = Array.from({ length: 4 }, (_, index) => `6f1f6a8e-0000-4000-8000-00000000000${index}`)
const [first = '', second = '', third = '', fourth = ''] = ids
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const at = (minutesAgo: number) => new Date(Date.parse('2026-11-23T05:32:00Z') - minutesAgo * 60_000).toISOString()

const mailOf = (email: string, change: object) => ({
  ...{ email, request: email, part: 0, template: 'report', version: 2, language: 'ko', attempts: 1 },
  ...{ requestedBy: 'subscriptions', opens: 0, clicks: 0, requestedAt: at(5), sentAt: at(4), ...change },
})
const mails = [
  mailOf(first, { state: 'delivered', opens: 2 }),
  mailOf(second, { state: 'sending', template: 'alert', sentAt: undefined, requestedAt: at(9) }),
  mailOf(third, { state: 'failed', attempts: 12, error: 'MAIL_REFUSED', reply: '550 5.1.1', requestedAt: at(130) }),
  mailOf(fourth, { state: 'suppressed', template: 'notice', requestedAt: at(1_500) }),
]
const oneMail = {
  ...mailOf(third, { state: 'sent', opens: 1, requestedAt: at(130), reply: '250 2.0.0' }),
  subject: '지난주 거래처별 매출',
  recipients: [
    { kind: 'to', address: 'minsu@hanbit.example', state: 'delivered', reply: '250 2.0.0' },
    {
      kind: 'to',
      address: 'a.very.long.name.of.somebody@subsidiary.hanbit.example',
      state: 'failed',
      reply: '550 5.1.1',
    },
    { kind: 'cc', address: 'sejin@hanbit.example', state: 'sent' },
  ],
  events: [
    { kind: 'open', at: at(100) },
    { kind: 'delivery', at: at(128) },
  ],
}
const pushOf = (push: string, change: object) => ({
  ...{ push, kind: 'notification', state: 'sent', requestedBy: 'subscriptions', requestedAt: at(20), dueAt: at(20) },
  ...{ settledAt: at(19), devices: { sent: 3 }, ...change },
})
const pushes = [
  pushOf(first, { devices: { sent: 118, unregistered: 2, undelivered: 1 } }),
  pushOf(second, { state: 'scheduled', dueAt: at(-600), settledAt: undefined, devices: {}, kind: 'combined' }),
  pushOf(third, { state: 'failed', kind: 'data', devices: { failed: 1 } }),
]
const nobody = { users: [], roles: [], departments: [], devices: [], topics: [] }
const onePush = {
  ...pushes[0],
  notification: { ko: { title: '재고 부족', body: 'A-100이 80개예요. 기준은 100개예요.' } },
  ...{ data: { link: '/subscriptions' }, priority: 'high', ttlSeconds: 86_400 },
  target: { ...nobody, departments: ['물류팀'], roles: ['sales'], condition: "'stock' in topics" },
}
const outcomes = {
  devices: [
    { device: first, state: 'sent', attempts: 1, sentAt: at(19), platform: 'web', name: '크롬', person: '김민수' },
    { device: second, state: 'undelivered', attempts: 12, error: 'UNAVAILABLE', platform: 'ios', person: '안소미' },
    { device: third, state: 'unregistered', attempts: 1, error: 'UNREGISTERED' },
  ],
}
const letterOf = (letter: string, change: object) => ({
  ...{ letter, queue: 'notify.email', reason: 'MAIL_UNREACHABLE', deliveries: 13, diedAt: at(300), ...change },
})
const letters = [
  letterOf(first, {}),
  letterOf(second, { reason: 'connect ECONNREFUSED [personal]', diedAt: at(290) }),
  letterOf(third, { queue: 'notify.push-batch', reason: 'FCM_UNAVAILABLE', diedAt: at(120) }),
]
const queues = [
  { queue: 'notify.email', letters: 1_204, oldestAt: at(300) },
  { queue: 'notify.push-batch', letters: 1, oldestAt: at(120) },
]
const message = {
  header: { messageId: first, timestamp: at(310), source: 'erp-chatbot', destination: 'notify.email' },
  body: { email: first, note: '•••' },
  metadata: { version: '1.0', trace: { traceId, spanId: '00f067aa0ba902b7' } },
}
const counts = { pending: 2, sent: 412, failed: 3, held: 1 }
const week = { pending: 2, sent: 2_871, failed: 14, held: 6 }

const subscriptions = [
  {
    ...{
      subscription: first,
      kind: 'report',
      state: 'active',
      title: '지난주 거래처별 매출',
      question: '지난주 거래처별 매출',
    },
    ...{ query: { entity: 'sales' }, channel: 'email', cron: '0 9 * * 1', schedule: '매주 월요일 09:00' },
    ...{ timeZone: 'Asia/Seoul', nextAt: at(-5_000), lastAt: at(5_000), lastOutcome: 'sent', createdAt: at(90_000) },
  },
  {
    ...{ subscription: second, kind: 'alert', state: 'active', title: 'A-100 재고 100개 미만', question: 'A-100 재고' },
    ...{ query: { entity: 'stock' }, channel: 'push', timeZone: 'Europe/Berlin', createdAt: at(80_000) },
    ...{ quietHours: { from: '22:00', to: '07:00' }, lastAt: at(30), lastOutcome: 'judged' },
  },
]
const webApp = { apiKey: 'k', appId: 'a', senderId: 's', projectId: 'p', vapidKey: 'v' }

const answers: [path: RegExp, body: object][] = [
  [/\/api\/v1\/subscriptions$/, { subscriptions, limit: 50 }],
  [/\/push\/web-app$/, { app: webApp }],
  [
    /\/notify\/summary$/,
    {
      mail: { day: counts, week, isConfigured: true, suppressedAddresses: 6 },
      push: { day: counts, week, provider: 'sink', devices: 121 },
    },
  ],
  [
    /\/admin\/subscriptions$/,
    {
      counts: [
        { kind: 'report', state: 'active', count: 48, failed: 1 },
        { kind: 'alert', state: 'active', count: 21, failed: 0 },
        { kind: 'alert', state: 'paused', count: 4, failed: 2 },
      ],
    },
  ],
  [/\/notify\/emails\/[\w-]{36}$/, oneMail],
  [/\/notify\/emails(\?|$)/, { emails: mails, next: 'x' }],
  [
    /\/notify\/suppressions/,
    {
      suppressions: [
        { suppression: 'a', address: 'gone@hanbit.example', reason: 'bounce', since: at(4_000) },
        { suppression: 'b', address: 'angry.person@partner.example', reason: 'complaint', since: at(9_000) },
      ],
    },
  ],
  [/\/notify\/push\/[\w-]{36}\/devices/, outcomes],
  [/\/notify\/push\/[\w-]{36}$/, onePush],
  [/\/notify\/push(\?|$)/, { messages: pushes }],
  [
    /\/notify\/push-sink/,
    {
      records: [
        {
          record: first,
          push: first,
          device: first,
          recordedAt: at(20),
          notification: onePush.notification.ko,
          data: {},
        },
        { record: second, push: second, device: first, recordedAt: at(25), data: { a: 'b' } },
      ],
    },
  ],
  [
    /\/notify\/devices/,
    {
      devices: [
        {
          person: '김민수',
          platform: 'web',
          name: '크롬',
          language: 'ko',
          registeredAt: at(9_000),
          seenAt: at(8),
          topics: ['stock', 'news'],
        },
        {
          person: '안소미',
          platform: 'ios',
          language: 'ko',
          registeredAt: at(9_000),
          seenAt: at(80),
          topics: [],
        },
      ],
    },
  ],
  [
    /\/notify\/topics/,
    {
      topics: [
        { topic: 'news', devices: 18 },
        { topic: 'stock', devices: 4 },
      ],
    },
  ],
  [/\/dead-letters\/queues/, { queues }],
  [/\/dead-letters\/[\w-]{36}$/, { ...letters[0], message, traceId }],
  [/\/dead-letters(\?|$)/, { letters, next: 'x' }],
]

async function open({ page, url }: Stage, path: string): Promise<void> {
  for (const [pattern, body] of answers.toReversed())
    await page.route(pattern, (route) =>
      route.request().resourceType() === 'fetch' ? route.fulfill({ json: { body } }) : route.continue(),
    )
  await page.goto(url + path)
  await page.locator('main:not([aria-busy=true]) h1').waitFor()
  await page.locator('main [aria-busy]').first().waitFor({ state: 'detached' })
}

const scene = (name: string, path: string, then?: (page: Page) => Promise<void>): Scene => ({
  name: `admin-${name}`,
  as: 'hyerim',
  async play(stage) {
    await open(stage, path)
    await then?.(stage.page)
  },
})

/** What is sent, in the console: answers are made up, so that every state is in the pictures. */
export const notifyScenes: Scene[] = [
  scene('subscriptions', '/subscriptions'),
  scene('subscription-edit', '/subscriptions', async (page) => {
    await page
      .getByRole('button', { name: /^(바꾸기|Edit)$/ })
      .last()
      .click()
    await page.getByRole('dialog').waitFor()
  }),
  scene('notify', '/admin/notify'),
  scene('mail', '/admin/mail'),
  scene('one-mail', `/admin/mail/${third}`),
  scene('suppressions', '/admin/suppressions'),
  scene('lift', '/admin/suppressions', (page) =>
    page
      .getByRole('button', { name: /(차단 풀기|Lift)/ })
      .first()
      .click(),
  ),
  scene('push', '/admin/push'),
  scene('one-push', `/admin/push/${first}`),
  scene('devices', '/admin/devices'),
  scene('push-sink', '/admin/push-sink'),
  scene('dead-letters', '/admin/dead-letters'),
  scene('dead-letter', '/admin/dead-letters', async (page) => {
    await page
      .getByRole('button', { name: /^(보기|Show)$/ })
      .first()
      .click()
    await page.locator('pre').waitFor()
  }),
]
