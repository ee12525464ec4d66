import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPassword } from '../../../demo/accounts.ts'
import { createPostgresEmailStore } from '../../../src/notify/email/email-store.postgres.ts'
import { type Database, openDatabase } from '../../../src/platform/database.ts'
import { createFieldCipher, createFileKeyService } from '../../../src/platform/encryption.ts'
import { wrapMessage } from '../../../src/platform/envelope.ts'
import { createLogger } from '../../../src/platform/log.ts'
import { hasChromium, openBrowser } from '../../support/chromium.ts'
import type { Person, TestOffice } from '../../support/office.ts'

const run = promisify(execFile)
const patience = { timeout: 15_000 }
type Entry = { action: string; personal?: { reason?: string } }
const post = (body: unknown) => ({ method: 'POST', body: JSON.stringify(body) })

/** What the product sends, as who looks after it meets it in the console. */
export function describeNotifyConsole(office: () => TestOffice): void {
  describe.skipIf(!hasChromium('the pages of what is sent'))('what is sent, in the admin console', () => {
    let browser: Browser
    let page: Page
    let database: Database
    let hyerim: Person
    const problems: string[] = []

    beforeAll(async () => {
      browser = await openBrowser()
      database = openDatabase({ url: office().databaseUrl, log: createLogger({ level: 'silent', role: 'test' }) })
      hyerim = await office().signIn('hyerim')
      page = await signIn('hyerim')
      page.on('pageerror', (error) => problems.push(error.message))
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await database?.close()
    })

    async function signIn(login: string): Promise<Page> {
      const context = await browser.newContext({ locale: 'ko-KR', timezoneId: 'Asia/Seoul' })
      const opened = await context.newPage()
      opened.setDefaultTimeout(15_000)
      await opened.goto(office().url)
      await opened.getByRole('button', { name: '회사 계정으로 로그인' }).click()
      await opened.locator('#login').fill(login)
      await opened.locator('#password').fill(demoPassword)
      await opened.locator('#password').press('Enter')
      await opened.getByRole('textbox', { name: '질문' }).waitFor()
      return opened
    }
    const go = (path: string) => page.goto(new URL(path, office().url).href)
    const bodyOf = async <T>(path: string, init?: RequestInit) =>
      ((await hyerim.call(path, init)).body as { body: T }).body
    const sendMail = async (address: string) => {
      const variables = { title: '재고 알림', message: 'A-100 재고가 80개예요.' }
      const wish = { template: 'notice', language: 'ko', variables, to: [address] }
      return (await bodyOf<{ emails: string[] }>('/api/v1/notify/emails', post(wish))).emails[0] ?? ''
    }
    /** Gives a reason in the dialog that is open, and confirms. */
    const decide = async () => {
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('textbox', { name: '사유' }).fill('시험 중이에요')
      await dialog.getByRole('button').last().click()
      await dialog.waitFor({ state: 'detached' })
    }
    const bury = async (body: object) => {
      const message = wrapMessage(body, { destination: 'notify.email' })
      await sql`insert into queue_dead_letters (queue, message_id, message, reason, deliveries)
        values ('notify.email', ${randomUUID()}, ${JSON.stringify(message)}, 'minsu@hanbit.example: MAIL_UNREACHABLE', 13)`.execute(
        database.kysely,
      )
    }

    test('a mail is found by its recipient, opened, and sent again to whom it has not reached', async () => {
      const address = `retry-${Date.now()}@hanbit.example`
      const email = await sendMail(address)
      const read = () => bodyOf<{ state: string }>(`/api/v1/notify/emails/${email}`)
      await expect.poll(async () => (await read()).state, patience).toBe('sent')
      await sql`update email_recipients set state = 'failed', reply = '550 5.1.1' where email = ${email}`.execute(
        database.kysely,
      )
      await sql`update emails set state = 'failed' where email = ${email}`.execute(database.kysely)
      await go('/admin/mail')
      await page.getByRole('searchbox', { name: '받는 사람 주소' }).fill(address.toUpperCase())
      const rows = page.getByRole('table', { name: '메일' }).locator('tbody tr')
      await expect.poll(() => rows.count(), patience).toBe(1)
      await rows.getByRole('link').click()
      await page.getByRole('heading', { level: 1, name: '재고 알림' }).waitFor()
      await page.getByRole('row').filter({ hasText: address }).getByText('550 5.1.1').waitFor()
      await page.getByRole('button', { name: '다시 보내기' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '다시 보내기' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await expect.poll(async () => (await read()).state, patience).toBe('sent')
    }, 60_000)

    test('a suppressed address is lifted for a reason', async () => {
      const cipher = createFieldCipher(createFileKeyService(join(office().dataDir, 'service.key')))
      const store = createPostgresEmailStore({ database, cipher })
      const address = 'gone@hanbit.example'
      const event = { id: randomUUID(), kind: 'bounce', email: undefined, providerId: undefined } as const
      await store.recordEvent({ ...event, addresses: [{ address }], isPermanent: true, at: new Date() })
      await go('/admin/mail')
      await page.getByRole('link', { name: '수신 차단 목록' }).click()
      const row = page.getByRole('row').filter({ hasText: address })
      await row.getByRole('button', { name: '차단 풀기' }).click()
      await decide()
      await row.waitFor({ state: 'detached' })
    }, 60_000)

    test('a push message shows what became of it on each device, and a scheduled one is cancelled', async () => {
      const minsu = await office().signIn('minsu')
      const device = { token: `token-${randomUUID()}`, platform: 'web', name: '민수 크롬' }
      await minsu.call('/api/v1/me/devices', post(device))
      const { body: me } = (await minsu.call('/api/v1/me')).body as { body: { userId: string } }
      const notification = { ko: { title: '재고 <b>부족', body: 'A-100이 80개예요.' } }
      const request = async (more: object) => {
        const wish = { notification, target: { users: [me.userId] }, ...more }
        return (await bodyOf<{ push: string }>('/api/v1/notify/push', post(wish))).push
      }
      const push = await request({})
      const read = () => bodyOf<{ state: string }>(`/api/v1/notify/push/${push}`)
      await expect.poll(async () => (await read()).state, patience).toBe('sent')
      await go(`/admin/push/${push}`)
      await page.getByRole('heading', { level: 1, name: '재고 <b>부족' }).waitFor()
      const outcome = page.getByRole('table', { name: '기기별 결과' }).getByRole('row').filter({ hasText: '민수 크롬' })
      await outcome.getByText('보냄').waitFor()
      expect(await outcome.innerText()).toContain('김민수')
      await request({ sendAt: new Date(Date.now() + 3_600_000).toISOString() })
      await go('/admin/push')
      await page.getByRole('combobox', { name: '상태' }).selectOption({ label: '예약' })
      await page.getByRole('table', { name: '푸시' }).locator('tbody tr').first().getByRole('link').click()
      await page.getByRole('button', { name: '취소하기' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '취소하기' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.getByText('취소', { exact: true }).first().waitFor()
      await go('/admin/push-sink')
      await page.getByRole('row').filter({ hasText: '재고 <b>부족' }).first().waitFor()
      await go('/admin/devices')
      await page.getByRole('searchbox', { name: '사람 찾기' }).fill('김민수')
      await page.getByRole('row').filter({ hasText: '민수 크롬' }).first().waitFor()
    }, 90_000)

    test('an undelivered message is looked at without what is personal, replayed, and discarded for a reason', async () => {
      await bury({ email: randomUUID(), name: '김민수' })
      await bury({ email: randomUUID() })
      await go('/admin/dead-letters')
      const letters = page.getByRole('table', { name: '메시지' }).locator('tbody tr')
      await expect.poll(() => letters.count(), patience).toBe(2)
      await letters.first().getByRole('button', { name: '보기' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.locator('pre').waitFor()
      expect(await dialog.innerText()).toContain('•••')
      expect(await page.locator('body').innerText()).not.toMatch(/김민수|minsu@/)
      await dialog.getByRole('button', { name: '닫기' }).click()
      await letters.first().getByRole('button', { name: '다시 보내기' }).click()
      await dialog.getByRole('button', { name: '다시 보내기' }).click()
      await page.getByText('1건을 처리했어요. 이 대기열에 1건이 남았어요.').waitFor()
      await letters.first().getByRole('button', { name: '버리기' }).click()
      await decide()
      await page.getByText('처리하지 못한 메시지가 없어요.').waitFor()
      const auditor = await office().signIn('bonseok')
      const { body } = (await auditor.call('/api/v1/audit?action=dead-letter.')).body as { body: { entries: Entry[] } }
      const acts = body.entries.map(({ action, personal }) => [action, personal?.reason])
      expect(acts).toEqual([
        ['dead-letter.discard', '시험 중이에요'],
        ['dead-letter.replay', undefined],
      ])
    }, 60_000)

    test('the command line lists, shows, replays and discards the same', async () => {
      const queue = async (...args: string[]) => {
        const more = ['--url', office().url, '--language', 'en', '--password', demoPassword]
        return (await run(process.execPath, ['src/cli/queue.ts', ...args, ...more])).stdout
      }
      await bury({ email: randomUUID(), name: '김민수' })
      await bury({ email: randomUUID() })
      expect(await queue()).toMatch(/notify\.email +2 /)
      const { letters } = JSON.parse(await queue('list', '--json')) as { letters: { letter: string }[] }
      const [first] = letters
      const shown = await queue('show', first?.letter ?? '')
      expect(shown).toContain('"name": "•••"')
      expect(await queue('discard', first?.letter ?? '', '--reason', '시험')).toContain('discarded: 1, left: 1')
      expect(await queue('replay', '--queue', 'notify.email')).toContain('replayed: 1, left: 0')
      expect(await queue()).toContain('There are no dead letters.')
      await expect(queue('show', first?.letter ?? '')).rejects.toThrow('DEAD_LETTER_UNKNOWN')
      await expect(queue('discard', first?.letter ?? '')).rejects.toThrow('Usage')
    }, 60_000)

    test('the counts of a day are those of the lists', async () => {
      await go('/admin')
      await page.getByRole('link', { name: '발송 현황' }).click()
      const mail = page.getByRole('table', { name: '메일' }).locator('tbody tr').first()
      await mail.waitFor()
      const { emails } = await bodyOf<{ emails: { state: string }[] }>('/api/v1/notify/emails?limit=100')
      const sent = emails.filter(({ state }) => state === 'sent').length
      expect(sent).toBeGreaterThan(0)
      await expect.poll(async () => (await mail.locator('td').allInnerTexts())[0], patience).toBe(String(sent))
      await page.getByText('Firebase가 설정되지 않아').waitFor()
    }, 60_000)

    test('none of it is there for others', async () => {
      const somi = await signIn('somi')
      for (const path of ['notify', 'mail', 'suppressions', 'push', 'devices', 'push-sink', 'dead-letters']) {
        await somi.goto(new URL(`/admin/${path}`, office().url).href)
        await somi.getByText('이 화면을 볼 권한이 없어요').waitFor()
      }
      await somi.context().close()
      expect(problems).toEqual([])
    }, 60_000)
  })
}
