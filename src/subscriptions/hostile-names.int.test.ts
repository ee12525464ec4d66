import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '#auth'
import type { QueryAnswer } from '#erp'
import { wrapMessage } from '#platform/envelope'
import { writeFile } from '../chat/write-file.ts'
import { demoCatalog } from '../erp/demo-erp-fixture.ts'
import { startSmtp, until } from '../notify/email/email-fixture.ts'
import { createSmtpMailer } from '../notify/email/mailer.smtp.ts'
import { addSubscription, type NewRequest } from './add-subscription.ts'
import { doDue } from './follow-due.ts'
import { type OpenSubscriptions, openSubscriptions } from './subscriptions-fixture.ts'
import { openWorkbook } from './workbook-fixture.ts'

const esc = String.fromCharCode(27)
const nul = String.fromCharCode(0)
/** What a customer may be called in an ERP that takes anything. */
const names = [
  `=cmd|' /C calc'!A0`,
  '+1+cmd',
  '-2+3+cmd',
  '@SUM(1,1)',
  '\t=1+1',
  '＝1+1',
  '=HYPERLINK("http://evil.example","x")',
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>"\'><b>',
  ']]><x/>&amp;&lt;',
  'x\r\nBcc: victim@evil.example\r\n\r\n<b>body</b>',
  '{{= it.link }}{{~ it.title }}<% 1 %>',
  `a${nul}b${esc}[31mc\u0007\u0008\u009b`,
  '../../etc/passwd',
]
const nasty = names.join(' ')
const control = /(?![\t\n\r])\p{Cc}/u

const answer: QueryAnswer = {
  columns: [
    { name: 'customer', role: 'dimension', type: 'name' },
    { name: 'amount', role: 'measure', type: 'money' },
  ],
  rows: names.map((customer, index) => ({ customer, amount: String(1_000 - index) })),
  ...{ totals: { amount: '12345' }, source: 'live', asOf: '2026-11-23T00:00:00.000Z' },
  completeness: { kind: 'complete' },
  timing: { planMs: 0, erpMs: 0, workMs: 0, calls: 1 },
}
const report: NewRequest = {
  ...{ kind: 'report', language: 'ko', cron: '0 9 * * 1', question: nasty },
  query: {
    entity: 'sales',
    measures: ['amount'],
    groupBy: ['customer'],
    where: [['customer', 'eq', nasty.slice(0, 200)]],
  },
}

let open: OpenSubscriptions
let smtp: Awaited<ReturnType<typeof startSmtp>>
let owner: Actor
let closeAll: () => Promise<void>

beforeAll(async () => {
  open = await openSubscriptions(async () => answer)
  smtp = await startSmtp()
  const mailer = createSmtpMailer({ url: smtp.url, from: 'bot@hanbit.example', deadlineMs: 5_000 })
  const sending = await open.email.send(mailer)
  owner = await open.signIn('윤혜림', ['executive'])
  closeAll = async () => {
    await sending.close()
    await mailer.close()
    await smtp.close()
    await open.close()
  }
  await send(report)
})
afterAll(() => closeAll?.())

async function send(request: NewRequest): Promise<void> {
  const before = smtp.received.length
  const { subscription } = await addSubscription(open.deps, request, { actor: owner, ip: null })
  const at = open.clock.now.toISOString()
  await doDue(open.deps, {
    message: wrapMessage({ subscription, dueAt: at, at }, { destination: 'subscriptions.due' }),
    ...{ deliveryCount: 1, isLast: false, signal: AbortSignal.timeout(20_000) },
    runOnce: async (work) => {
      await open.deps.database.kysely.transaction().execute(work)
      return true
    },
  })
  await until(
    () => smtp.received.length,
    (count) => count > before,
  )
}
const mail = async () => {
  const found = (await smtp.parse()).at(-1)
  if (!found) throw new Error('no mail')
  return found
}

describe('whatever things are called in the ERP, a report', () => {
  test('has the headers and the recipients of its own alone', async () => {
    const { subject = '', headers } = await mail()
    expect(smtp.received[0]?.recipients).toEqual([owner.email])
    expect(headers.has('bcc')).toBe(false)
    expect(subject).not.toMatch(/[\r\n]/)
    expect(subject).not.toMatch(control)
    const [head = ''] = smtp.received[0]?.raw.toString('latin1').split('\r\n\r\n') ?? []
    expect(head).not.toMatch(/^bcc:/im)
  })

  test('has no markup of theirs in its HTML, and no control character', async () => {
    const { html } = await mail()
    const text = String(html)
    expect(text).not.toMatch(/<img src=x|<script>alert|<b>body/)
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(text).toContain('{{= it.link }}')
    expect(control.test(text)).toBe(false)
  })

  test('has each of its rows on a line of its own in the text, and no control character', async () => {
    const { text = '' } = await mail()
    expect(control.test(text)).toBe(false)
    const lines = text.split('\n')
    for (const [index] of names.entries()) {
      const amount = (1_000 - index).toLocaleString('en-US')
      expect(lines.filter((line) => line.endsWith(` | ${amount}`))).toHaveLength(1)
    }
    expect(lines.filter((line) => line.startsWith('Bcc:'))).toEqual([])
  })

  test('has a workbook of texts, numbers and dates, and of no formula', async () => {
    const { attachments } = await mail()
    const file = attachments.find(({ filename }) => filename?.endsWith('.xlsx'))
    expect(file?.filename).toMatch(/^[\p{L}\p{N}_.-]+\.xlsx$/u)
    const { cells, parts } = openWorkbook(file?.content ?? Buffer.alloc(0))
    const text = Object.values(parts).join('')
    expect(text).not.toMatch(/<f[ >]|<hyperlink|externalLink|<x\/>/)
    expect(control.test(text)).toBe(false)
    expect(new Set(cells.map(({ type }) => type))).toEqual(new Set(['s', 'n']))
    const texts = cells.filter(({ type }) => type === 's').map((cell) => cell.text)
    for (const name of names) expect(texts).toContain(name.replace(new RegExp(control, 'gu'), ''))
    for (const { text: value } of cells.filter(({ type }) => type === 'n')) expect(value).toMatch(/^\d+$/)
  })

  test('has a CSV in the chat in which nothing is run', async () => {
    const { query } = report
    const entity = demoCatalog.entities.sales
    if (!entity) throw new Error('no sales')
    const asked = { catalog: demoCatalog, language: 'ko' as const, today: '2026-11-23', query, entity }
    const { name, content } = await writeFile({ asked, answer, rows: answer.rows, notes: [] }, 'csv')
    expect(name).toMatch(/^[\p{L}\p{N}_.-]+\.csv$/u)
    const cells = content
      .toString('utf8')
      .split('\r\n')
      .map((line) => line.replace(/^[\ufeff"]*/, ''))
    expect(cells.filter((cell) => /^[=+\-@\t＝]/.test(cell))).toEqual([])
    expect(content.toString('utf8')).not.toMatch(control)
  })
})

test('an alert on such names is as inert', async () => {
  await send({
    ...{ kind: 'alert', language: 'ko', question: nasty },
    query: { entity: 'sales', measures: ['amount'], groupBy: ['customer'], where: [['amount', 'gt', 100]] },
  })
  const { subject = '', html, text = '' } = await mail()
  expect(subject).not.toMatch(control)
  expect(String(html)).not.toMatch(/<img src=x|<script>alert|<b>body/)
  expect(control.test(String(html))).toBe(false)
  expect(control.test(text)).toBe(false)
  expect(text.split('\n').filter((line) => line.startsWith('Bcc:'))).toEqual([])
  expect(smtp.received.at(-1)?.recipients).toEqual([owner.email])
})
