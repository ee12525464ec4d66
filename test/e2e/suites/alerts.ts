import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readMails, type SlackMessage } from '../../support/alert-inbox.ts'
import type { Person, TestOffice } from '../../support/office.ts'

const within = { timeout: 60_000, interval: 500 }

/** One alert of each receiver, fired by what it is about and resolved by its end, as it arrives at Slack and in mailboxes. */
export function describeAlerts(office: () => TestOffice, person: () => Person, slack: () => SlackMessage[]): void {
  const titles = () => slack().flatMap(({ attachments }) => attachments.map(({ title }) => title))
  const expectSlack = (title: RegExp) => expect.poll(titles, within).toContainEqual(expect.stringMatching(title))
  const expectMail = (address: string, subject: RegExp) =>
    expect
      .poll(async () => (await readMails(office().mailUrl, address)).map((mail) => mail.subject), within)
      .toContainEqual(expect.stringMatching(subject))

  describe('alerts', () => {
    test('slack: the copy answers while the ERP is away', { timeout: 150_000 }, async () => {
      const order = async (times: number) => {
        for (const url of office().erpUrls) {
          const body = JSON.stringify({ kind: '503', times })
          const reply = await fetch(new URL('/demo/faults', url), {
            method: 'POST',
            body,
            headers: { 'content-type': 'application/json' },
          })
          expect(reply.ok).toBe(true)
        }
      }
      const askUntil = async (done: () => boolean) => {
        const giveUpAt = Date.now() + within.timeout
        while (!done() && Date.now() < giveUpAt) await person().call('/api/v1/chat/messages', question)
      }
      const isTold = (state: string) => () =>
        titles().some((title) => title.includes(state) && title.includes('copy, not the ERP'))
      await order(10_000)
      await askUntil(isTold('주의 · Warning'))
      await expectSlack(
        /^\[주의 · Warning\] ERP 대신 사본으로 답하고 있어요 \([\d.]+%\) · Answers come from the copy, not the ERP/,
      )
      await order(0)
      await askUntil(isTold('해결 · Resolved'))
      await expectSlack(/^\[해결 · Resolved\] ERP 대신 사본으로/)
      const [told] = slack().flatMap(({ attachments }) =>
        attachments.filter(({ title }) => title.includes('copy, not')),
      )
      expect(told).toMatchObject({
        color: 'warning',
        title_link: expect.stringMatching(/^https:.*\/docs\/runbooks\/ErpAnswersFromCopy\.md$/),
      })
      expect(told?.text).toMatch(
        /답변에 기준 시각이 표시돼요\.\n.*Answers say as of when they are\.\n\d{4}\.\d\d\.\d\d \d\d:\d\d \(KST\) · <https:/,
      )
    })

    test('security: tokens are guessed', { timeout: 150_000 }, async () => {
      for (let n = 0; n < 80; n += 1) {
        const authorization = `Bearer ${randomBytes(24).toString('hex')}`
        await fetch(new URL('/api/v1/conversations', office().url), { headers: { authorization } })
      }
      await expectSlack(/^\[주의 · Warning\] 거절된 토큰과 API 키가 많아요/)
      await expectMail('security@example.com', /^\[주의 · Warning\].*Many tokens and API keys are refused/)
      await expectSlack(/^\[해결 · Resolved\] 거절된 토큰과/)
      await expectMail('security@example.com', /^\[해결 · Resolved\]/)
    })

    test('slack-and-email: the service does not answer', { timeout: 150_000 }, async () => {
      const { service } = office().parts
      service?.kill('SIGSTOP')
      try {
        await expectSlack(/^\[긴급 · Critical\] 챗봇 프로세스가 응답하지 않아요 \(http,/)
        await expectMail('erp-chatbot-operators@example.com', /^\[긴급 · Critical\].*A chatbot process does not answer/)
      } finally {
        service?.kill('SIGCONT')
      }
      await expectSlack(/^\[해결 · Resolved\] 챗봇 프로세스가/)
      await expectMail('erp-chatbot-operators@example.com', /^\[해결 · Resolved\]/)
      const mails = await readMails(office().mailUrl, 'erp-chatbot-operators@example.com')
      const fired = mails.find(({ subject }) => subject.startsWith('[긴급'))
      expect(fired?.text).toContain('docs/runbooks/ServiceDown.md')
      expect(fired?.html).toMatch(/<html lang="ko">[\s\S]*2분 넘게[\s\S]*lang="en"[\s\S]*for two minutes/)
    })
  })
}

const question = { method: 'POST', body: JSON.stringify({ text: '이번 달 매출 얼마야?' }) }
