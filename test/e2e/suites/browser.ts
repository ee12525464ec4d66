import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPassword } from '../../../demo/accounts.ts'
import { hasChromium, openBrowser } from '../../support/chromium.ts'
import { createErpFigures } from '../../support/erp-sql.ts'
import type { TestOffice } from '../../support/office.ts'

/** As Korean tables show money: whole won with separators; the exact amount is on hover. */
const shown = (figure: string) => Math.round(Number(figure)).toLocaleString('en-US')

/** The product as a person meets it: real Chromium, the demo identity provider's page, the chat. */
export function describeBrowser(office: () => TestOffice): void {
  describe.skipIf(!hasChromium('the browser tests'))('in Chromium', () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await openBrowser()
    })
    afterAll(() => browser?.close())

    async function signIn(login: string): Promise<{ page: Page; context: BrowserContext; problems: string[] }> {
      const context = await browser.newContext({ locale: 'ko-KR', timezoneId: 'Asia/Seoul' })
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      const problems: string[] = []
      page.on('pageerror', (error) => problems.push(error.message))
      // Before signing in, asking who one is is refused, as it should be.
      page.on('response', (reply) => {
        if (reply.status() >= 400 && reply.status() !== 401) problems.push(`${reply.status()} ${reply.url()}`)
      })
      await page.goto(office().url)
      await page.getByRole('button', { name: '회사 계정으로 로그인' }).click()
      await page.locator('#login').fill(login)
      await page.locator('#password').fill(demoPassword)
      await page.locator('#password').press('Enter')
      await page.getByRole('textbox', { name: '질문' }).waitFor()
      return { page, context, problems }
    }

    /** Types a question, waits for its answer and returns the answer's place on the page. */
    async function ask(page: Page, text: string): Promise<Locator> {
      const before = await page.locator('article').count()
      const box = page.getByRole('textbox', { name: /질문|Question/ })
      await box.fill(text)
      await box.press('Enter')
      const turn = page.locator('article').nth(before)
      await turn
        .getByText(/ERP 실시간|Live from ERP|어느 쪽|Which one/)
        .first()
        .waitFor()
      return turn
    }

    test('sign in, ask in Korean and English, follow up, reload, and find it all again', async () => {
      const figures = createErpFigures(office())
      const [month, lastMonth] = [await figures.month(), await figures.month(1)]
      const { page, context, problems } = await signIn('sanghyun')
      expect(await page.getByText('주상현').count()).toBeGreaterThan(0)

      const total = await ask(page, '이번 달 매출 얼마야?')
      const expectHeadline = async (turn: Locator, figure: string | null) => {
        const exact = await turn.locator('[title]').first().getAttribute('title')
        expect(Number(exact)).toBe(Number(figure))
      }
      await expectHeadline(total, await figures.sales(month))
      await expectHeadline(await ask(page, '그럼 지난달은?'), await figures.sales(lastMonth))

      const ranking = await ask(page, '지난달 매출 상위 5개 거래처')
      await ranking.getByRole('tab', { name: '표' }).click()
      for (const { name, amount } of await figures.topCustomers(5, lastMonth)) {
        const row = ranking.getByRole('row').filter({ hasText: name })
        expect(await row.innerText()).toContain(shown(amount))
      }

      await expectHeadline(await ask(page, '미수금 총액 알려줘'), await figures.receivables())
      await expectHeadline(await ask(page, 'A-100 재고 몇 개 있어?'), await figures.stockOf('A-100'))
      const english = await ask(page, 'total sales last month?')
      await expectHeadline(english, await figures.sales(lastMonth))
      expect(await english.innerText()).toContain('Live from ERP')

      const before = await page.locator('article').allInnerTexts()
      await page.reload()
      await expect.poll(() => page.locator('article').count(), { timeout: 15_000 }).toBe(before.length)
      const after = await page.locator('article').allInnerTexts()
      expect(after.map((text) => text.split('\n')[0])).toEqual(before.map((text) => text.split('\n')[0]))

      expect(problems).toEqual([])
      await context.close()
    }, 120_000)

    test('a salesperson sees only their own sales', async () => {
      const figures = createErpFigures(office())
      const { page, context } = await signIn('minsu')
      const turn = await ask(page, '이번 달 매출 얼마야?')
      const exact = await turn.locator('[title]').first().getAttribute('title')
      expect(Number(exact)).toBe(Number(await figures.salesOf('김민수', await figures.month())))
      await context.close()
    })

    test('an answer is sent again and its number watched from its card, and both are listed and ended', async () => {
      const { page, context, problems } = await signIn('sanghyun')
      const turn = await ask(page, 'A-100 재고 얼마야?')
      await turn.getByRole('button', { name: '정기 보고서' }).click()
      await page.getByRole('dialog').getByLabel('시각').fill('08:30')
      await page.getByRole('dialog').getByRole('button', { name: '저장' }).click()
      await turn.getByRole('button', { name: '알림' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '저장' }).click()
      await page.getByText('숫자를 적어 주세요.').waitFor()
      await page.getByRole('dialog').getByLabel('기준값').fill('1')
      await page.getByRole('dialog').getByRole('button', { name: '저장' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: /우혜림|주상현/ }).click()
      await page.getByRole('link', { name: '구독과 알림' }).click()
      const rows = page.getByRole('table', { name: '구독과 알림' }).locator('tbody tr')
      await rows.nth(1).waitFor()
      expect(await rows.count()).toBe(2)
      expect(await rows.nth(0).innerText()).toContain('매주 월요일 08:30')
      expect(await rows.nth(1).innerText()).toContain('ERP가 바뀔 때')
      // Nobody has set push messages up for browsers.
      expect(await page.getByText('이 브라우저로 푸시 받기').count()).toBe(0)
      await rows.nth(0).getByRole('button', { name: '바꾸기' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('보낼 날').selectOption({ label: '매달' })
      await dialog.getByLabel('날짜').selectOption({ label: '15일' })
      await dialog.getByLabel('시각').fill('07:10')
      await dialog.getByLabel('시간대').selectOption('Europe/Berlin')
      await dialog.getByLabel('받는 방법').selectOption({ label: '푸시' })
      await dialog.getByRole('button', { name: '저장' }).click()
      await dialog.waitFor({ state: 'detached' })
      await rows.nth(0).getByText('푸시 · Europe/Berlin').waitFor()
      expect(await rows.nth(0).innerText()).toContain('매달 15일 07:10')
      await rows.nth(1).getByRole('button', { name: '바꾸기' }).click()
      await dialog.getByLabel('방해 금지 시간에는 미뤘다가').check()
      await dialog.getByLabel('끝', { exact: true }).fill('06:30')
      await dialog.getByRole('button', { name: '저장' }).click()
      await rows.nth(1).getByText('22:00–06:30에는 미뤄요').waitFor()
      await rows.nth(0).getByRole('button', { name: '멈추기' }).click()
      await rows.nth(0).getByText('직접 멈춤').waitFor()
      for (const left of [1, 0]) {
        await rows.nth(0).getByRole('button', { name: '삭제' }).click()
        await page.getByRole('dialog').getByRole('button', { name: '삭제' }).click()
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await expect.poll(() => rows.count(), { timeout: 15_000 }).toBe(left)
      }
      expect(problems).toEqual([])
      await context.close()
    }, 60_000)

    test('a wrong password says so, and a sign-out ends the session', async () => {
      const context = await browser.newContext({ locale: 'ko-KR' })
      const page = await context.newPage()
      await page.goto(office().url)
      await page.getByRole('button', { name: '회사 계정으로 로그인' }).click()
      await page.locator('#login').fill('sanghyun')
      await page.locator('#password').fill('wrong')
      await page.locator('#password').press('Enter')
      await expect.poll(() => page.locator('body').innerText()).toMatch(/비밀번호/)
      await context.close()

      const signedIn = await signIn('somi')
      await signedIn.page.getByRole('button', { name: '계정 메뉴' }).click()
      await signedIn.page.getByText('로그아웃').click()
      await signedIn.page.getByRole('button', { name: '회사 계정으로 로그인' }).waitFor()
      const reply = await signedIn.page.request.get(new URL('/api/v1/me', office().url).href)
      expect(reply.status()).toBe(401)
      await signedIn.context.close()
    })
  })
}
