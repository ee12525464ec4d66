import { setTimeout as wait } from 'node:timers/promises'
import type { MessageSummary } from '../demo/mail/message-store.ts'
import { openOffice, type Person, type TestOffice } from '../test/support/office.ts'
import { type Figure, judged, median, plainFigure, quantile } from './figure.ts'

const rounds = 20
const goalMs = 5_000
const giveUpMs = 30_000
/** The service limits how often one person calls; the mailbox does not. */
const serviceEveryMs = 1_000

/**
 * `npm run bench -- alerts`: from the commit of a change in the ERP to the mail in the mailbox of who asked to be told, through change
 * feed, judgement by a query of the ERP, queue and mail server.
 */
export async function measureAlerts(): Promise<Figure[]> {
  const office = await openOffice('one')
  try {
    const person = await office.signIn('hyerim')
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1) times.push(await measureOne(office, person))
    const worst = Math.max(...times)
    return [
      plainFigure('change to mailbox, p50', median(times), 'ms'),
      plainFigure('change to mailbox, p95', quantile(times, 0.95), 'ms'),
      judged(plainFigure('change to mailbox, worst', worst, 'ms'), `<= ${goalMs} ms`, worst <= goalMs),
    ]
  } finally {
    await office.close()
  }
}

async function measureOne(office: TestOffice, person: Person): Promise<number> {
  const shelf = `(item_code, warehouse_id) in (select item_code, warehouse_id from erp.stock where item_code = 'A-100' order by quantity desc limit 1)`
  const [row] = await office.sql<{ total: string }>(
    `select sum(quantity)::text as total from erp.stock where item_code = 'A-100'`,
  )
  await person.ask(`A-100 재고 ${Number(row?.total) - 1}개 밑으로 떨어지면 알려줘`)
  await until(async () => (await ownOf(person))[0]?.lastOutcome === 'judged', serviceEveryMs)
  const before = await countMails(office)
  const startedAt = performance.now()
  await office.sql(`update erp.stock set quantity = quantity - 5 where ${shelf}`)
  await until(async () => (await countMails(office)) > before)
  const took = performance.now() - startedAt
  for (const { subscription } of await ownOf(person))
    await person.call(`/api/v1/subscriptions/${subscription}`, { method: 'DELETE', body: '{}' })
  await office.sql(`update erp.stock set quantity = quantity + 5 where ${shelf}`)
  return took
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
