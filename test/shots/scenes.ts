import type { Page } from 'playwright-core'
import type { Conversation } from '../../src/chat/api.ts'
import type { Look } from './looks.ts'

/** What a scene may use: conversations by talk name, and the page in that look. */
export type Stage = { page: Page; look: Look; url: string; talks: Map<string, Conversation> }

export type Scene = {
  name: string
  as: 'sanghyun' | 'somi' | 'hyerim' | 'bonseok' | null
  /** Absent: both. */
  device?: Look['device']
  play: (stage: Stage) => Promise<void>
}

/** Both languages' names of a control, whichever is shown. */
const words = {
  question: /^(질문|Question)$/,
  account: /^(계정 메뉴|Account menu)/,
  theme: /^(화면 테마|Theme)$/,
  sessions: /^(로그인한 기기|Signed-in devices)$/,
  report: /^(정기 보고서|Schedule)$/,
  alert: /^(알림|Alert)$/,
  list: /(대화 목록 열기|Show conversations)/,
  options: /(옵션|Options for)/,
  delete: /^(삭제|Delete)$/,
  actions: /^(더 보기|More)$/,
  table: /^(표|Table)$/,
}

const open = (path: (stage: Stage) => string) => async (stage: Stage) => {
  await stage.page.goto(stage.url + path(stage))
}
const talkOf = ({ talks }: Stage, name: string): Conversation => {
  const talk = talks.get(name)
  if (!talk) throw new Error(`no talk ${name}`)
  return talk
}
const openTalk = (name: string) => open((stage) => `/c/${talkOf(stage, name).conversationId}`)
const box = (page: Page) => page.getByRole('textbox', { name: words.question })
const firstQuestion = (stage: Stage) => talkOf(stage, 'ranking').turns[0]?.question ?? ''
const home = open(() => '/')

/** Answers of the running product, as they are. */
const answered: Scene[] = [
  'number',
  'ranking',
  'compared',
  'trend',
  'shares',
  'records',
  'many-bars',
  'clarify',
  'empty',
  'out-of-scope',
  'subscribe',
  'export',
  'follow-up',
].map((name) => ({ name: `answer-${name}`, as: 'sanghyun', play: openTalk(name) }))

const pages: Scene[] = [
  { name: 'sign-in', as: null, play: home },
  { name: 'sign-in-error', as: null, play: open(() => '/?signInError=SIGN_IN_NO_ROLE') },
  { name: 'signed-out', as: null, play: open(() => '/?signedOut=1') },
  { name: 'welcome', as: 'sanghyun', play: home },
  { name: 'answer-not-allowed', as: 'somi', play: openTalk('not-allowed') },
  { name: 'conversation-missing', as: 'sanghyun', play: open(() => '/c/00000000-0000-4000-8000-000000000000') },
  {
    name: 'typing',
    as: 'sanghyun',
    async play(stage) {
      await home(stage)
      await box(stage.page).fill(firstQuestion(stage))
      await stage.page.locator('form').locator('xpath=preceding-sibling::div').waitFor({ timeout: 5000 })
    },
  },
  {
    name: 'too-long',
    as: 'sanghyun',
    async play(stage) {
      await home(stage)
      await box(stage.page).fill(`${firstQuestion(stage)} `.repeat(60))
    },
  },
  {
    name: 'account-menu',
    as: 'sanghyun',
    async play(stage) {
      await home(stage)
      await stage.page.getByRole('button', { name: words.account }).click()
    },
  },
  {
    name: 'sessions',
    as: 'sanghyun',
    async play(stage) {
      await home(stage)
      await stage.page.getByRole('button', { name: words.account }).click()
      await stage.page.getByRole('button', { name: words.sessions }).click()
      await stage.page.getByRole('dialog').getByRole('listitem').first().waitFor()
    },
  },
  { name: 'subscriptions', as: 'sanghyun', play: open(() => '/subscriptions') },
  { name: 'subscriptions-empty', as: 'somi', play: open(() => '/subscriptions') },
  ...(['report', 'alert'] as const).map(
    (kind): Scene => ({
      name: `subscribe-${kind}`,
      as: 'sanghyun',
      async play(stage) {
        await openTalk('number')(stage)
        if (stage.look.device === 'phone') await stage.page.getByRole('button', { name: words.actions }).click()
        await stage.page.getByRole('button', { name: words[kind] }).first().click()
        await stage.page.getByRole('dialog').getByRole('combobox').waitFor()
      },
    }),
  ),
  {
    name: 'theme-menu',
    as: 'sanghyun',
    async play(stage) {
      await home(stage)
      await stage.page.getByRole('button', { name: words.theme }).click()
    },
  },
  {
    name: 'conversations',
    as: 'sanghyun',
    device: 'phone',
    async play(stage) {
      await home(stage)
      await stage.page.getByRole('button', { name: words.list }).click()
    },
  },
  {
    name: 'delete',
    as: 'sanghyun',
    async play(stage) {
      await openTalk('ranking')(stage)
      if (stage.look.device === 'phone') await stage.page.getByRole('button', { name: words.list }).click()
      await stage.page.getByRole('button', { name: words.options }).first().click()
      await stage.page.getByRole('menuitem', { name: words.delete }).click()
    },
  },
  {
    name: 'table',
    as: 'sanghyun',
    async play(stage) {
      await openTalk('compared')(stage)
      await stage.page.getByRole('tab', { name: words.table }).last().click()
    },
  },
  {
    name: 'row-sheet',
    as: 'sanghyun',
    device: 'phone',
    async play(stage) {
      await openTalk('records')(stage)
      await stage.page.locator('article li button').first().click()
    },
  },
  {
    name: 'actions-sheet',
    as: 'sanghyun',
    device: 'phone',
    async play(stage) {
      await openTalk('ranking')(stage)
      await stage.page.getByRole('button', { name: words.actions }).last().click()
    },
  },
]

/** States of a healthy product. */
export const scenes: Scene[] = [...pages, ...answered]
