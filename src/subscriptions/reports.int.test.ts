import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BusinessQuery } from '#catalog'
import { erpErrors } from '#erp'
import { wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import { openDemoErp } from '../erp/demo-erp-fixture.ts'
import { until } from '../notify/email/email-fixture.ts'
import { addSubscription, type NewRequest } from './add-subscription.ts'
import { changeSubscription, removeSubscription } from './change-subscription.ts'
import { doDue } from './follow-due.ts'
import { type OpenSubscriptions, openSubscriptions } from './subscriptions-fixture.ts'

let office: Awaited<ReturnType<typeof openDemoErp>>
let open: OpenSubscriptions
let worker: { close(): Promise<void> }
const ip = '127.0.0.1'

const lastWeek: BusinessQuery = {
  entity: 'sales',
  measures: ['amount'],
  groupBy: ['customer'],
  period: { field: 'date', from: '2000-01-01', to: '2000-01-07', relative: 'lastWeek' },
}
const weekly: NewRequest = {
  ...{ kind: 'report', query: lastWeek, language: 'ko', cron: '0 9 * * 1' },
  question: '매주 월요일 9시에 지난주 거래처별 매출 메일로 보내줘',
}

beforeAll(async () => {
  office = await openDemoErp()
  const { url } = await office.serve()
  open = await openSubscriptions(office.connect([url]).erp.answerQuery)
  worker = await open.work()
})
afterAll(async () => {
  await worker?.close()
  await open?.close()
  await office?.close()
})

const salesBetween = async (from: string, to: string) => {
  const [row] = await office.select(
    `select sum(l.amount)::bigint::text as total from erp.invoice_lines l join erp.invoices i using (invoice_no)
     where i.document_date between $1 and $2`,
    [from, to],
  )
  return Number((row as { total: string }).total).toLocaleString('en-US')
}
const stateOf = async (id: string) =>
  (await open.store.read(id)) as NonNullable<Awaited<ReturnType<typeof open.store.read>>>

describe('a scheduled report', () => {
  test('is sent once at its time, about the week that is the last one then, with table, picture and workbook', async () => {
    open.clock.now = new Date('2026-11-25T03:00:00Z')
    const actor = await open.signIn('윤혜림', ['executive'])
    const { subscription, nextAt } = await addSubscription(open.deps, weekly, { actor, ip })
    expect(nextAt?.toISOString()).toBe('2026-11-30T00:00:00.000Z')
    expect(await open.publish()).toBe(0)

    open.clock.now = new Date('2026-11-30T00:00:01Z')
    // Two workers look at the same moment.
    const published = await Promise.all([open.publish(), open.publish()])
    expect(published.toSorted()).toEqual([0, 1])
    await until(
      async () => (await stateOf(subscription)).lastOutcome,
      (outcome) => outcome === 'sent',
    )
    expect((await stateOf(subscription)).nextAt?.toISOString()).toBe('2026-12-07T00:00:00.000Z')

    const mails = (await open.readMails()).filter(({ to }) => to.includes(actor.email))
    expect(mails).toHaveLength(1)
    const [mail] = mails
    expect(mail?.subject).toContain('거래처별 매출')
    expect(mail?.subject).toContain('2026.11.23–11.29')
    const total = await salesBetween('2026-11-23', '2026-11-29')
    expect(mail?.html).toContain(total)
    expect(mail?.text).toContain(total)
    expect(mail?.html).toContain('src="cid:chart"')
    const [picture, file] = mail?.attachments ?? []
    expect(picture).toMatchObject({ type: 'image/png', contentId: 'chart' })
    expect(picture?.content.subarray(1, 4).toString()).toBe('PNG')
    expect(file?.name).toMatch(/\.xlsx$/)
    await removeSubscription(open.deps, { subscription, actor, ip })
  })

  test('that was missed is made up for once', async () => {
    open.clock.now = new Date('2026-11-25T03:00:00Z')
    const actor = await open.signIn('윤혜림', ['executive'])
    const { subscription } = await addSubscription(open.deps, weekly, { actor, ip })
    open.clock.now = new Date('2026-12-30T05:00:00Z')
    expect(await open.publish()).toBe(1)
    expect(await open.publish()).toBe(0)
    await until(
      async () => (await stateOf(subscription)).lastOutcome,
      (outcome) => outcome === 'sent',
    )
    expect((await stateOf(subscription)).nextAt?.toISOString()).toBe('2027-01-04T00:00:00.000Z')
    await removeSubscription(open.deps, { subscription, actor, ip })
  })

  test('of an owner whose roles show the data no longer is paused, and they are told; of one shut out nobody is', async () => {
    open.clock.now = new Date('2026-11-25T03:00:00Z')
    const query: BusinessQuery = { entity: 'payable', measures: ['balance'] }
    const request = { ...weekly, query, question: '매주 월요일 미지급금' }
    const actor = await open.signIn('권도현', ['finance'], 'was-finance')
    const gone = await open.signIn('강나래', ['finance'], 'left')
    const lost = await addSubscription(open.deps, request, { actor, ip })
    const shut = await addSubscription(open.deps, request, { actor: gone, ip })
    await open.signIn('권도현', ['employee'], 'was-finance')
    await open.deps.database.kysely
      .withTables<{ auth_users: { subject: string; disabled: boolean } }>()
      .updateTable('auth_users')
      .set({ disabled: true })
      .where('subject', '=', 'left')
      .execute()

    open.clock.now = new Date('2026-11-30T00:00:01Z')
    expect(await open.publish()).toBe(2)
    const paused = await until(
      () => stateOf(lost.subscription),
      ({ state }) => state === 'paused',
    )
    expect(paused).toMatchObject({ reason: 'not-allowed', nextAt: null, lastOutcome: 'paused' })
    await until(
      () => stateOf(shut.subscription),
      ({ reason }) => reason === 'owner-disabled',
    )
    const mails = (await open.readMails()).filter(({ to }) =>
      to.some((address) => /^(was-finance|left)@/.test(address)),
    )
    expect(mails.map(({ subject, to }) => [subject, to])).toEqual([
      [expect.stringContaining('멈췄어요'), ['was-finance@hanbit.example']],
    ])
    await open.signIn('권도현', ['finance'], 'was-finance')
    const resumed = await changeSubscription(
      open.deps,
      { subscription: lost.subscription, actor, ip },
      { state: 'active' },
    )
    expect(resumed).toMatchObject({ state: 'active', reason: null })
  })

  test('that the ERP has no answer for is tried again, and the list says why; what is paused meanwhile is not sent', async () => {
    open.clock.now = new Date('2026-11-25T03:00:00Z')
    const actor = await open.signIn('윤혜림', ['executive'])
    const { subscription } = await addSubscription(open.deps, weekly, { actor, ip })
    const at = open.clock.now.toISOString()
    const answerQuery = async () => {
      throw new AppError(erpErrors.unavailable)
    }
    const deliver = (isLast: boolean, deps = open.deps) =>
      doDue(deps, {
        message: wrapMessage({ subscription, dueAt: at, at }, { destination: 'subscriptions.due' }),
        ...{ deliveryCount: 1, isLast, signal: AbortSignal.timeout(10_000) },
        runOnce: async (work) => {
          await open.deps.database.kysely.transaction().execute(work)
          return true
        },
      })
    const failing = { ...open.deps, answerQuery }
    await expect(deliver(false, failing)).rejects.toThrow('ERP_UNAVAILABLE')
    expect(await stateOf(subscription)).toMatchObject({ lastOutcome: 'retrying', lastCode: 'ERP_UNAVAILABLE' })
    await expect(deliver(true, failing)).rejects.toThrow('ERP_UNAVAILABLE')
    expect(await stateOf(subscription)).toMatchObject({ lastOutcome: 'failed', state: 'active' })

    const before = await open.countMails()
    // Twice: the worker died before the message was acknowledged.
    await deliver(false)
    await deliver(false)
    expect(await open.countMails()).toBe(before + 1)
    await changeSubscription(open.deps, { subscription, actor, ip }, { state: 'paused' })
    await deliver(false)
    expect(await open.countMails()).toBe(before + 1)
    await removeSubscription(open.deps, { subscription, actor, ip })
  })

  test('is its owner’s alone, limited in number, and comes no more often than every fifteen minutes', async () => {
    open.clock.now = new Date('2026-11-25T03:00:00Z')
    const actor = await open.signIn('윤혜림', ['executive'])
    const stranger = await open.signIn('김민수', ['sales'])
    const { subscription } = await addSubscription(open.deps, weekly, { actor, ip })
    const code = async (work: Promise<unknown>) =>
      ((await work.catch((error: { message: string }) => error)) as { message: string }).message
    expect(await code(changeSubscription(open.deps, { subscription, actor: stranger, ip }, { state: 'paused' }))).toBe(
      'SUBSCRIPTION_NOT_FOUND',
    )
    expect(await code(removeSubscription(open.deps, { subscription, actor: stranger, ip }))).toBe(
      'SUBSCRIPTION_NOT_FOUND',
    )
    for (const cron of ['* * * * *', '0 9 31 2 *', 'every day', '*/5 * * * *'])
      expect(await code(addSubscription(open.deps, { ...weekly, cron }, { actor, ip })), cron).toBe(
        'SUBSCRIPTION_SCHEDULE',
      )
    const query: BusinessQuery = { entity: 'payable', measures: ['balance'] }
    expect(await code(addSubscription(open.deps, { ...weekly, query }, { actor: stranger, ip }))).toBe(
      'SUBSCRIPTION_NOT_ALLOWED',
    )
    const added = await Promise.allSettled(
      Array.from({ length: 8 }, () => addSubscription(open.deps, weekly, { actor, ip })),
    )
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
  })
})
