import type { Page } from 'playwright-core'
import { notifyScenes } from './notify-scenes.ts'
import type { Scene, Stage } from './scenes.ts'

/** Both languages' names of a control, whichever is shown. */
const words = {
  search: /(이름, 부서, 이메일로 찾기|Find by name)/,
  grantFinance: /(‘재무’ 역할 주기|the role “Finance”)/,
  disable: /^(사용 중지|Disable)$/,
  endSessions: /^(모든 기기에서 로그아웃|Sign out everywhere)$/,
  enable: /^(다시 사용|Enable)$/,
  reason: /^(사유|Reason)$/,
  test: /^(연결 시험|Test connection)$/,
  start: /^(지금 동기화|Sync now)$/,
  createKey: /^(키 만들기|Create key)$/,
  name: /^(이름|Name)$/,
  changeNetwork: /(네트워크 바꾸기|Change networks of)/,
  correct: /^(고치기|뜻 고르기|Correct|Choose)/,
  addCondition: /^(조건 더하기|Add condition)$/,
  import: /^(가져오기|Import)$/,
  schedule: /^(일정 바꾸기|Change schedule)$/,
  menu: /(관리 메뉴 열기|Open administration menu)/,
}

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const never = () => new Promise<void>(() => undefined)
const button = (page: Page, name: RegExp) => page.getByRole('button', { name })

const page = (name: string, path: string, as: Scene['as'] = 'hyerim'): Scene => ({
  name: `admin-${name}`,
  as,
  async play(stage) {
    await stage.page.goto(stage.url + path)
    await stage.page.locator('main:not([aria-busy=true]) h1').waitFor()
    await stage.page.locator('main [aria-busy]').first().waitFor({ state: 'detached' })
  },
})

async function openPerson(stage: Stage, name: string): Promise<void> {
  await stage.page.goto(`${stage.url}/admin/people`)
  await stage.page.getByRole('link', { name }).click()
  await stage.page.getByRole('heading', { level: 1, name }).waitFor()
}

const people: Scene[] = [
  page('people', '/admin/people'),
  {
    name: 'admin-people-empty',
    as: 'hyerim',
    async play({ page, url }) {
      await page.goto(`${url}/admin/people`)
      await page.getByRole('searchbox', { name: words.search }).fill('아무개')
      await page.getByText(/(조건에 맞는 사람이 없어요|Nobody matches)/).waitFor()
    },
  },
  { name: 'admin-person', as: 'hyerim', play: (stage) => openPerson(stage, '주상현') },
  { name: 'admin-person-self', as: 'hyerim', play: (stage) => openPerson(stage, '우혜림') },
  {
    name: 'admin-grant',
    as: 'hyerim',
    async play(stage) {
      await openPerson(stage, '안소미')
      await button(stage.page, words.grantFinance).click()
      await stage.page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'admin-grant-no-reason',
    as: 'hyerim',
    async play(stage) {
      await openPerson(stage, '안소미')
      await button(stage.page, words.grantFinance).click()
      await stage.page.getByRole('dialog').getByRole('button').last().click()
    },
  },
  {
    name: 'admin-person-disabled',
    as: 'hyerim',
    async play(stage) {
      await openPerson(stage, '조은비')
      const { page } = stage
      const act = async (name: RegExp) => {
        await button(page, name).click()
        await page.getByRole('textbox', { name: words.reason }).fill('휴직')
        await page.getByRole('dialog').getByRole('button').last().click()
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
      if ((await button(page, words.disable).count()) > 0) await act(words.disable)
      await page.getByRole('status').first().waitFor()
    },
  },
]

const states: Scene[] = [
  {
    name: 'admin-menu',
    as: 'hyerim',
    device: 'phone',
    async play({ page, url }) {
      await page.goto(`${url}/admin/roles`)
      await button(page, words.menu).click()
    },
  },
  page('refused', '/admin', 'somi'),
  page('missing', '/admin/nothing'),
  {
    name: 'admin-loading',
    as: 'hyerim',
    async play({ page, url }) {
      await page.route(/\/api\/v1\/(sync|erp)\//, never)
      await page.goto(`${url}/admin`)
      await page.locator('main [aria-busy]').first().waitFor()
    },
  },
  {
    name: 'admin-failed',
    as: 'hyerim',
    async play({ page, url }) {
      const error = { code: 'UNAVAILABLE', message: '', details: [], timestamp: new Date().toISOString(), traceId }
      await page.route(/\/api\/v1\/admin\/people/, (route) => route.fulfill({ status: 503, json: { error } }))
      await page.goto(`${url}/admin/people`)
      await page.getByRole('alert').waitFor()
    },
  },
]

const overview: Scene[] = [
  page('overview', '/admin'),
  page('status', '/admin/status'),
  {
    name: 'admin-connection-test',
    as: 'hyerim',
    async play({ page, url }) {
      await page.goto(`${url}/admin`)
      await button(page, words.test).click()
      await page.getByText(/(단계 \d+개 보기|steps that passed)/).click({ timeout: 30_000 })
    },
  },
  {
    name: 'admin-sync-start',
    as: 'hyerim',
    async play({ page, url }) {
      await page.goto(`${url}/admin`)
      await button(page, words.start).click()
      await page.getByRole('dialog').waitFor()
    },
  },
]

/** Sees to it that there is a question to review: one that is declined, and a job that collects it. */
async function bringCandidate({ page, url }: Stage): Promise<void> {
  const list = async () => {
    const reply = await page.request.get(`${url}/api/v1/training/candidates`)
    return ((await reply.json()) as { body: { candidates: unknown[] } }).body.candidates
  }
  if ((await list()).length > 0) return
  const post = (path: string, data: object) => page.request.post(url + path, { data, headers: { origin: url } })
  await post('/api/v1/chat/messages', { text: '내일 날씨 어때' })
  await post('/api/v1/training/jobs', {})
  for (let tries = 0; tries < 60 && (await list()).length === 0; tries += 1) await page.waitForTimeout(500)
}

const review = page('review', '/admin/review')
const training: Scene[] = [
  {
    ...review,
    async play(stage) {
      await bringCandidate(stage)
      await review.play(stage)
    },
  },
  {
    name: 'admin-review-correct',
    as: 'hyerim',
    async play(stage) {
      const { page, url } = stage
      await bringCandidate(stage)
      await page.goto(`${url}/admin/review`)
      await button(page, words.correct).first().click()
      await page.getByRole('dialog').getByRole('combobox').first().selectOption('query')
      await button(page, words.addCondition).click()
    },
  },
  {
    name: 'admin-review-import',
    as: 'hyerim',
    async play({ page, url }) {
      await page.goto(`${url}/admin/review`)
      await button(page, words.import).click()
      const buffer = Buffer.from('text,label\n물린 돈,nonsense\n')
      await page.locator('input[type=file]').setInputFiles({ name: 'labels.csv', mimeType: 'text/csv', buffer })
      await page.getByRole('dialog').getByRole('button').last().click()
      await page.getByRole('alert').waitFor()
    },
  },
  page('training', '/admin/training'),
  {
    name: 'admin-training-schedule',
    as: 'hyerim',
    async play({ page, url }) {
      await page.goto(`${url}/admin/training`)
      await button(page, words.schedule).click()
      await page.getByRole('dialog').waitFor()
    },
  },
]

const system: Scene[] = [
  page('keys', '/admin/api-keys'),
  {
    name: 'admin-key-create',
    as: 'hyerim',
    async play({ page, url }) {
      await page.goto(`${url}/admin/api-keys`)
      await button(page, words.createKey).first().click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'admin-key-secret',
    as: 'hyerim',
    async play({ page, url }) {
      await page.goto(`${url}/admin/api-keys`)
      await button(page, words.createKey).first().click()
      await page.getByRole('textbox', { name: words.name }).fill('BI')
      await page.getByRole('dialog').getByRole('button').last().click()
      await page.getByRole('dialog').locator('code').waitFor()
    },
  },
  page('networks', '/admin/networks'),
  {
    name: 'admin-network-edit',
    as: 'hyerim',
    async play({ page, url }) {
      await page.goto(`${url}/admin/networks`)
      await button(page, words.changeNetwork).first().click()
      await page.getByRole('textbox').fill('203.0.113.0/24')
      await page.getByRole('dialog').getByRole('button').last().click()
      await page.getByRole('alert').waitFor()
    },
  },
  page('audit', '/admin/audit', 'bonseok'),
  {
    name: 'admin-audit-entry',
    as: 'bonseok',
    async play({ page, url }) {
      await page.goto(`${url}/admin/audit`)
      await page.locator('main details').first().locator('summary').click()
    },
  },
]

/** The pages of the console, in their states. */
export const adminScenes: Scene[] = [
  ...overview,
  ...training,
  ...system,
  ...people,
  page('roles', '/admin/roles'),
  ...states,
  ...notifyScenes,
]
