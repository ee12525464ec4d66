import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPassword } from '../../../demo/accounts.ts'
import { hasChromium, openBrowser } from '../../support/chromium.ts'
import type { TestOffice } from '../../support/office.ts'

const asked = '물려 있는 돈 얼마야'
/** A job trains a model, on a busy machine. */
const jobMs = 90_000

/** From a thumb on an answer to a reviewed question, a trained model, and back, as people do it in the browser. */
export function describeReviewDesk(office: () => TestOffice): void {
  describe.skipIf(!hasChromium('the review desk'))('the review desk', () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await openBrowser()
    })
    afterAll(() => browser?.close())

    async function signIn(login: string): Promise<Page> {
      const context = await browser.newContext({ locale: 'ko-KR', timezoneId: 'Asia/Seoul' })
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      await page.goto(office().url)
      await page.getByRole('button', { name: '회사 계정으로 로그인' }).click()
      await page.locator('#login').fill(login)
      await page.locator('#password').fill(demoPassword)
      await page.locator('#password').press('Enter')
      await page.getByRole('textbox', { name: '질문' }).waitFor()
      return page
    }
    const open = (page: Page, path: string) => page.goto(new URL(path, office().url).href)
    const item = (page: Page) => page.getByRole('listitem', { name: asked })

    /** Trains once and waits for the end of it. */
    async function train(page: Page): Promise<void> {
      await open(page, '/admin/training')
      await page.getByRole('button', { name: '지금 학습' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '지금 학습' }).click()
      const job = page.getByRole('list', { name: '학습 작업' }).locator('> li').first()
      await job
        .getByText(/기다리는 중|진행 중/)
        .first()
        .waitFor()
      await job.getByText('배포됨').waitFor({ timeout: jobMs })
    }

    test('a thumb and why are kept, shown again, and can be changed', async () => {
      const page = await signIn('minsu')
      const box = page.getByRole('textbox', { name: '질문' })
      await box.fill(asked)
      await box.press('Enter')
      const [up, down] = [
        page.getByRole('button', { name: '도움이 됐어요' }),
        page.getByRole('button', { name: '틀렸거나 부족해요' }),
      ]
      await up.click()
      await page.getByText('의견을 남겼어요.').waitFor()
      expect(await up.getAttribute('aria-pressed')).toBe('true')
      await down.press('Enter')
      await page.getByRole('radio', { name: '답을 받지 못했어요' }).check()
      await page.getByRole('textbox', { name: '덧붙일 말 (선택)' }).fill('미수금을 물었어요')
      await page.getByRole('button', { name: '의견 보내기' }).click()
      await page.getByText('의견을 남겼어요.').waitFor()
      await page.reload()
      await page.getByText('답을 받지 못했어요').waitFor()
      expect(await down.getAttribute('aria-pressed')).toBe('true')
      expect(await up.getAttribute('aria-pressed')).toBe('false')
      await down.click()
      expect(await page.getByRole('textbox', { name: '덧붙일 말 (선택)' }).inputValue()).toBe('미수금을 물었어요')
      await page.context().close()
    }, 60_000)

    test('the schedule is changed, and a job is followed through its steps', async () => {
      const page = await signIn('hyerim')
      await open(page, '/admin/training')
      await page.getByRole('button', { name: '일정 바꾸기' }).click()
      await page.getByRole('checkbox', { name: '정해진 시각에 학습하기' }).uncheck()
      await page.getByRole('spinbutton', { name: '시험 적용할 질문의 비율(%)' }).fill('0')
      await page.getByRole('button', { name: '저장' }).click()
      await page.getByText('정기 학습을 하지 않아요').waitFor()
      await train(page)
      const steps = page.getByRole('list', { name: '단계' }).first().getByRole('listitem')
      expect(await steps.count()).toBe(6)
      for (const step of await steps.all()) expect(await step.innerText()).toContain('끝남')
      await page.context().close()
    }, 150_000)

    test('a question is labelled by keyboard, discarded, and taken back', async () => {
      const page = await signIn('hyerim')
      await open(page, '/admin/review')
      await page.getByRole('button', { name: /^싫어요 1/ }).click()
      await item(page).getByText('답을 받지 못했어요 · “미수금을 물었어요”').waitFor()
      await item(page).focus()
      await page.keyboard.press('x')
      await page.getByText('질문을 제외했어요.').waitFor()
      await page.keyboard.press('z')
      await page.getByText('다시 검토할 목록에 넣었어요.').waitFor()
      await item(page).focus()
      await page.keyboard.press('e')
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('combobox', { name: '대상' }).selectOption({ label: '미수금' })
      await dialog.getByRole('button', { name: '조건 더하기' }).click()
      await dialog.getByRole('textbox', { name: '값' }).fill('한빛상사')
      await dialog.getByRole('combobox', { name: '질문의 종류' }).selectOption('topic')
      await dialog.getByRole('combobox', { name: '주제' }).selectOption('receivable.balance')
      await dialog.getByRole('button', { name: '이 뜻으로 저장' }).click()
      await dialog.waitFor({ state: 'detached' })
      await page.getByText('뜻을 붙였어요.').waitFor()
      await page.getByText('검토한 질문 1개 가운데 0개를 맞게 읽어요', { exact: false }).waitFor()
      await page.getByRole('combobox', { name: '보기' }).selectOption('labelled')
      await item(page).getByText('아직 다르게 읽어요').waitFor()
      await page.context().close()
    }, 60_000)

    test('a file with a fault is refused line by line; a sound one is taken, and comes back', async () => {
      const page = await signIn('hyerim')
      await open(page, '/admin/review')
      await page.getByRole('button', { name: '가져오기' }).click()
      const dialog = page.getByRole('dialog')
      const give = async (text: string) => {
        await dialog
          .getByLabel('파일')
          .setInputFiles({ name: 'labels.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
        await dialog.getByRole('button', { name: '가져오기' }).click()
      }
      await give('text,label\n물린 돈,nonsense\n')
      await dialog.getByText('2번째 줄: 모르는 라벨이에요.').waitFor()
      const others = ['물려 있는 돈', '물린 돈', '깔려 있는 돈'].flatMap((money) =>
        [' 얼마나 돼', ' 좀 보여줘', ' 알려줄래', ' 총 얼마니', ' 얼마 있어', ' 뽑아줘'].map((end) => `${money}${end}`),
      )
      await give(`text,label\n${others.map((text) => `${text},receivable.balance`).join('\n')}\n`)
      await page.getByText('18줄 가운데 18줄을 새로 가져왔어요.', { exact: false }).waitFor()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'CSV 내보내기' }).click(),
      ])
      const saved = await readFile(await download.path(), 'utf8')
      expect(saved).toContain(`\r\n${asked},receivable.balance,\r\n`)
      expect(saved.trim().split('\r\n')).toHaveLength(20)
      await page.context().close()
    }, 60_000)

    test('the next job reads it right; two models are compared, and one is rolled back for a reason', async () => {
      const page = await signIn('hyerim')
      await train(page)
      await open(page, '/admin/review')
      await page.getByText('검토한 질문 1개 가운데 1개를 맞게 읽어요', { exact: false }).waitFor()
      await page.getByText('0개에서 1개로 바뀌었어요', { exact: false }).waitFor()
      await open(page, '/admin/training')
      const models = page.getByRole('table', { name: '모델', exact: true })
      await models.waitFor()
      for (const box of await models.getByRole('checkbox').all()) await box.check()
      const compared = page.getByRole('table', { name: '모델 비교' }).first()
      await compared.getByRole('row', { name: /기준 질문을 맞게 읽음/ }).waitFor()
      await page.getByRole('button', { name: '이전 모델로 되돌리기' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('textbox', { name: '사유' }).fill('시험 중이에요')
      await dialog.getByRole('button', { name: '이전 모델로 되돌리기' }).click()
      await dialog.waitFor({ state: 'detached' })
      await page
        .getByRole('list', { name: '최근 배포' })
        .getByText(/되돌림 .* 시험 중이에요/)
        .waitFor()
      await models.getByRole('button', { name: /배포$/ }).first().click()
      await dialog.getByRole('textbox', { name: '사유' }).fill('다시 써 봐요')
      await dialog.getByRole('button', { name: '배포' }).click()
      await page
        .getByRole('list', { name: '최근 배포' })
        .getByText(/다시 써 봐요/)
        .waitFor()
      await page.context().close()
    }, 150_000)
  })
}
