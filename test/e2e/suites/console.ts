import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPassword } from '../../../demo/accounts.ts'
import { hasChromium, openBrowser } from '../../support/chromium.ts'
import type { TestOffice } from '../../support/office.ts'

/** How long a change may take to be felt everywhere, with time for a busy machine to notice. */
const feltWithin = { timeout: 15_000, interval: 250 }

/** The admin console as those who may use it meet it, and as those who may not. */
export function describeConsole(office: () => TestOffice): void {
  describe.skipIf(!hasChromium('the tests of the admin console'))('the admin console', () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await openBrowser()
    })
    afterAll(() => browser?.close())

    async function enterPassword(page: Page, login: string): Promise<void> {
      await page.goto(office().url)
      await page.getByRole('button', { name: '회사 계정으로 로그인' }).click()
      await page.locator('#login').fill(login)
      await page.locator('#password').fill(demoPassword)
      await page.locator('#password').press('Enter')
    }

    async function signIn(login: string): Promise<{ page: Page; context: BrowserContext }> {
      const context = await browser.newContext({ locale: 'ko-KR', timezoneId: 'Asia/Seoul' })
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      await enterPassword(page, login)
      await page.getByRole('textbox', { name: '질문' }).waitFor()
      return { page, context }
    }

    /** Opens a person's page by searching for their name. */
    async function openPerson(page: Page, name: string): Promise<void> {
      await page.goto(new URL('/admin/people', office().url).href)
      await page.getByRole('searchbox').fill(name)
      await page.getByRole('link', { name }).click()
      await page.getByRole('heading', { level: 1, name }).waitFor()
    }

    /** Presses a button, gives a reason in the dialog that opens, and confirms. */
    async function decide(page: Page, button: string | RegExp): Promise<void> {
      await page.getByRole('button', { name: button, exact: true }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('textbox', { name: '사유' }).fill('시험 중이에요')
      await dialog.getByRole('button').last().click()
      await dialog.waitFor({ state: 'detached' })
    }

    const statusOf = async (page: Page, path: string) =>
      (await page.request.get(new URL(path, office().url).href)).status()

    test('is reached from the account menu by those who manage something', async () => {
      const { page, context } = await signIn('hyerim')
      await page.getByRole('button', { name: '계정 메뉴' }).click()
      await page.getByRole('link', { name: '관리 화면' }).click()
      await page.getByRole('heading', { level: 1, name: '개요' }).waitFor()
      await page.getByText('연결됨').waitFor()
      await context.close()
    }, 60_000)

    test('people see where they are signed in, and sign out there', async () => {
      const [desk, phone] = [await signIn('gaeun'), await signIn('gaeun')]
      await desk.page.getByRole('button', { name: '계정 메뉴' }).click()
      await desk.page.getByRole('button', { name: '로그인한 기기' }).click()
      const dialog = desk.page.getByRole('dialog', { name: '로그인한 기기' })
      await dialog.getByText('지금 이 기기').waitFor()
      const rows = dialog.getByRole('listitem')
      const before = await rows.count()
      expect(await rows.first().innerText()).toMatch(/Chrome · \w+/)
      await rows.filter({ hasNotText: '지금 이 기기' }).first().getByRole('button').click()
      await expect.poll(() => rows.count()).toBe(before - 1)
      expect(await statusOf(desk.page, '/api/v1/me')).toBe(200)
      for (const { context } of [desk, phone]) await context.close()
    }, 60_000)

    test('is not there for others, whatever address they type', async () => {
      const { page, context } = await signIn('gaeun')
      await page.getByRole('button', { name: '계정 메뉴' }).click()
      expect(await page.getByRole('link', { name: '관리 화면' }).count()).toBe(0)
      await page.goto(new URL('/admin/people', office().url).href)
      await page.getByText('이 화면을 볼 권한이 없어요').waitFor()
      await page.goto(new URL('/admin', office().url).href)
      await page.getByText('이 화면을 볼 권한이 없어요').waitFor()
      expect(await page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual(['채팅으로 돌아가기'])
      for (const path of ['/api/v1/admin/people', '/api/v1/admin/roles', '/api/v1/sync/status', '/api/v1/audit'])
        expect(await statusOf(page, path)).toBe(403)
      await context.close()
    }, 60_000)

    test('a role that is granted lets the person ask, and undone it no longer does', async () => {
      const [admin, person] = [await signIn('hyerim'), await signIn('somi')]
      const ask = async (expected: RegExp) => {
        const before = await person.page.locator('article').count()
        const box = person.page.getByRole('textbox', { name: '질문' })
        await box.fill('이번 달 매출 얼마야?')
        await box.press('Enter')
        await person.page.locator('article').nth(before).getByText(expected).first().waitFor()
      }
      const rolesOf = async () => {
        const reply = await person.page.evaluate(`fetch('/api/v1/me').then((reply) => reply.status)`)
        if (reply === 401)
          await person.page.evaluate(`fetch('/auth/refresh', { method: 'POST' }).then(() => undefined)`)
        const me = await person.page.request.get(new URL('/api/v1/me', office().url).href)
        return me.ok() ? (await me.json()).body.roles : []
      }
      await ask(/권한이 없어요/)
      await openPerson(admin.page, '안소미')
      await decide(admin.page, '안소미님에게 ‘재무’ 역할 주기')
      await admin.page.getByText('우혜림님이', { exact: false }).first().waitFor()
      await expect.poll(rolesOf, feltWithin).toEqual(['employee', 'finance'])
      await ask(/ERP 실시간/)
      await decide(admin.page, '안소미님의 ‘재무’ 역할 되돌리기')
      await expect.poll(rolesOf, feltWithin).toEqual(['employee'])
      await ask(/권한이 없어요/)
      await Promise.all([admin.context.close(), person.context.close()])
    }, 120_000)

    test('who is disabled is locked out, cannot sign in, and can once enabled', async () => {
      const [admin, person] = [await signIn('hyerim'), await signIn('eunbi')]
      await openPerson(admin.page, '조은비')
      await decide(admin.page, '사용 중지')
      await admin.page.getByText('사유: 시험 중이에요').waitFor()
      await expect.poll(() => statusOf(person.page, '/api/v1/me'), feltWithin).toBeGreaterThanOrEqual(401)
      await person.page.reload()
      await person.page.getByRole('button', { name: '회사 계정으로 로그인' }).waitFor()
      const again = await browser.newContext({ locale: 'ko-KR' })
      const page = await again.newPage()
      await enterPassword(page, 'eunbi')
      await page.getByText('이 계정은 사용이 중지됐어요').waitFor()
      await decide(admin.page, '다시 사용')
      // The company's own sign-in still knows them: no password is asked for.
      await page.getByRole('button', { name: '회사 계정으로 로그인' }).click()
      await page.getByRole('textbox', { name: '질문' }).waitFor()
      await Promise.all([admin.context.close(), person.context.close(), again.close()])
    }, 120_000)

    test('who is signed out everywhere signs in again and goes on', async () => {
      const [admin, person] = [await signIn('hyerim'), await signIn('sejin')]
      await openPerson(admin.page, '오세진')
      await decide(admin.page, '모든 기기에서 로그아웃')
      await admin.page.getByText(/\d+곳에서 로그아웃했어요/).waitFor()
      await expect.poll(() => statusOf(person.page, '/api/v1/me'), feltWithin).toBe(401)
      await person.page.reload()
      await person.page.getByRole('button', { name: '회사 계정으로 로그인' }).click()
      await person.page.getByRole('textbox', { name: '질문' }).waitFor()
      await Promise.all([admin.context.close(), person.context.close()])
    }, 60_000)

    test('an API key is made, shown once, and revoked', async () => {
      // Whoever has never signed in can own no key.
      await office().signIn('sejin')
      const { page, context } = await signIn('hyerim')
      await page.goto(new URL('/admin/api-keys', office().url).href)
      await page.getByRole('button', { name: '키 만들기' }).click()
      await page.getByRole('textbox', { name: '이름', exact: true }).fill('시험 키')
      const dialog = page.getByRole('dialog')
      const owner = dialog.getByLabel('소유자', { exact: true })
      await dialog.getByRole('searchbox').fill('없는 사람')
      await dialog.getByText('0명을 찾았어요.').waitFor()
      expect(await owner.locator('option').allTextContents()).toEqual(['우혜림 · 경영지원팀'])
      await dialog.getByRole('searchbox').fill('오세')
      await owner.selectOption({ label: '오세진 · 재무회계팀' })
      await dialog.getByLabel('모델 학습').check()
      await page.getByRole('dialog').getByRole('button', { name: '키 만들기' }).click()
      const secret = (await page.getByRole('dialog').locator('code').textContent()) ?? ''
      const me = () => fetch(new URL('/api/v1/me', office().url), { headers: { 'x-api-key': secret } })
      expect(await (await me()).json()).toMatchObject({ body: { name: '오세진' } })
      await page.getByRole('button', { name: '보관했어요' }).click()
      expect(await page.locator('body').innerText()).not.toContain(secret)
      await page.getByRole('button', { name: '‘시험 키’ 키 폐기' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '폐기' }).click()
      await page.getByText('폐기됨').waitFor()
      await expect.poll(async () => (await me()).status, feltWithin).toBe(401)
      await context.close()
    }, 60_000)

    test('the auditor finds what was done, and by whom', async () => {
      const { page, context } = await signIn('bonseok')
      await page.goto(new URL('/admin', office().url).href)
      await page.getByRole('heading', { level: 1, name: '감사 기록' }).waitFor()
      await page.getByRole('textbox', { name: '한 일' }).fill('person.')
      const row = page.getByRole('row').filter({ hasText: 'person.disabled' }).first()
      await row.getByText('우혜림').waitFor()
      await row.getByText('보기').click()
      await row.getByText('시험 중이에요').waitFor()
      await context.close()
    }, 60_000)
  })
}
