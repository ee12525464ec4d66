import { setTimeout as wait } from 'node:timers/promises'
import type { MessageSummary } from '../demo/mail/message-store.ts'
import type { Person, TestOffice } from '../test/support/office.ts'
import { openPushOffice, type PushOffice } from '../test/support/push-office.ts'
import { type Figure, judged, median, plainFigure, quantile } from './figure.ts'

const rounds = 20
const goalMs = 5_000
const giveUpMs = 30_000
/** The service limits how often one person calls; the mailbox does not. */
const serviceEveryMs = 1_000

/**
 * `npm run bench -- alerts`: from the commit of a change in the ERP to the mail in the mailbox, and to the message at the push peer, of who
 * asked to be told by both, through change feed, judgement by a query of the ERP, queue and mail server or HTTP/2.
 */
export async function measureAlerts(): Promise<Figure[]> {
  const open = await openPushOffice()
  try {
    const person = await open.office.signIn('hyerim')
    const token = await open.addDevice(person)
    const times = { mailbox: [] as number[], 'push peer': [] as number[] }
    for (let round = 0; round < rounds; round += 1) {
      const took = await measureOne(open, person, token)
      times.mailbox.push(took.mail)
      times['push peer'].push(took.push)
    }
    return Object.entries(times).flatMap(([place, taken]) => {
      const worst = Math.max(...taken)
      return [
        plainFigure(`change to ${place}, p50`, median(taken), 'ms'),
        plainFigure(`change to ${place}, p95`, quantile(taken, 0.95), 'ms'),
        judged(plainFigure(`change to ${place}, worst`, worst, 'ms'), `<= ${goalMs} ms`, worst <= goalMs),
      ]
    })
  } finally {
    await open.close()
  }
}

async function measureOne(open: PushOffice, person: Person, token: string): Promise<{ mail: number; push: number }> {
  const { office } = open
  const shelf = `(item_code, warehouse_id) in (select item_code, warehouse_id from erp.stock where item_code = 'A-100' order by quantity desc limit 1)`
  const [row] = await office.sql<{ total: string }>(
    `select sum(quantity)::text as total from erp.stock where item_code = 'A-100'`,
  )
  for (const how of ['', ' 푸시로'])
    await person.ask(`A-100 재고 ${Number(row?.total) - 1}개 밑으로 떨어지면${how} 알려줘`)
  const areJudged = async () => (await ownOf(person)).every(({ lastOutcome }) => lastOutcome === 'judged')
  await until(areJudged, serviceEveryMs)
  const before = { mails: await countMails(office), pushes: open.reached(token).length }
  const startedAt = performance.now()
  await office.sql(`update erp.stock set quantity = quantity - 5 where ${shelf}`)
  const since = async (isMet: () => Promise<boolean>) => {
    await until(isMet)
    return performance.now() - startedAt
  }
  const [mail, push] = await Promise.all([
    since(async () => (await countMails(office)) > before.mails),
    since(async () => open.reached(token).length > before.pushes),
  ])
  for (const { subscription } of await ownOf(person))
    await person.call(`/api/v1/subscriptions/${subscription}`, { method: 'DELETE', body: '{}' })
  await office.sql(`update erp.stock set quantity = quantity + 5 where ${shelf}`)
  return { mail, push }
}

type Own = { subscription: string; lastOutcome?: string }

async function ownOf(person: Person): Promise<Own[]> {
  const { body } = await person.call('/api/v1/subscriptions')
  return (body as { body: { subscriptions: Own[] } }).body.subscriptions
}

async function countMails(office: TestOffice): Promise<number> {
  const reply = await fetch(new URL('/messages', office.mailUrl))
  const { messages } = (await reply.json()) as { messages: MessageSummary[] }
  return messages.filter(({ subject }) => subject.includes('[ERP 알림]')).length
}

async function until(isMet: () => Promise<boolean>, everyMs = 20): Promise<void> {
  const giveUpAt = performance.now() + giveUpMs
  while (!(await isMet())) {
    if (performance.now() > giveUpAt) throw new Error(`Not within ${giveUpMs} ms`)
    await wait(everyMs)
  }
}
