import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { serveMailSink } from '../../demo/mail/serve-mail-sink.ts'
import type { AlertCase } from './alert-cases.ts'
import { openSlackInbox, readMails, type SlackMessage } from './alert-inbox.ts'
import { readPrometheusFlags, writeAlertmanagerConfig, writePlayedConfig } from './monitoring-config.ts'
import { startAlertmanager, startPrometheus } from './monitoring-servers.ts'
import { writePastDays } from './past-days.ts'
import { PlayedCase, serveSamples } from './played-series.ts'

type Attachment = SlackMessage['attachments'][number]
type Mail = Awaited<ReturnType<typeof readMails>>[number]

/** What came of an alert: as it fired and as it was resolved; absent what did not come. */
export type Told = { slack: { fired?: Attachment; resolved?: Attachment }; mail: { fired?: Mail; resolved?: Mail } }
export type ToldCase = AlertCase & { mailAddress: string | undefined }

const fireMs = 150_000
const resolveMs = 90_000

/** Plays cases to a Prometheus and an Alertmanager of their own until each alert has been told of and taken back, or time is up. */
export async function playCases(cases: ToldCase[], folder: string): Promise<Map<string, Told>> {
  mkdirSync(folder)
  await using stack = new AsyncDisposableStack()
  const inbox = await openSlackInbox()
  stack.defer(inbox.close)
  const sink = await serveMailSink({ smtpPort: 0, httpPort: 0, dataDir: join(folder, 'mail') })
  stack.defer(sink.close)
  const alertmanager = await startAlertmanager(
    writeAlertmanagerConfig(folder, { slackUrl: inbox.url, smtpUrl: sink.smtpUrl }),
    join(folder, 'alerts'),
  )
  stack.defer(alertmanager.stop)

  let played: PlayedCase[] = []
  const isServicePlayed = cases.some(({ fires }) => fires.series.some(({ name }) => name === 'up'))
  const service = { name: 'up', labels: { job: 'erp-chatbot' }, value: 1 }
  const player = await serveSamples(() => [
    ...(isServicePlayed ? [] : [service]),
    ...played.flatMap((each) => each.samples()),
  ])
  stack.defer(player.close)
  const dataDir = join(folder, 'series')
  const config = writePlayedConfig(folder, { player: player.address, alertmanager: alertmanager.address })
  const ofPast = cases.filter(({ looksDaysBack }) => looksDaysBack).map(({ quiet }) => quiet)
  if (ofPast.length > 0) await writePastDays(folder, dataDir, ofPast, readPrometheusFlags())
  const prometheus = await startPrometheus(config, dataDir, readPrometheusFlags())
  stack.defer(prometheus.stop)

  // From now on: it should see every step.
  played = cases.map((each) => new PlayedCase(each))
  const told = cases.map(async (each, n) => {
    const inboxes: Inboxes = { slack: () => inbox.messages, mails: (address) => readMails(sink.url, address) }
    return [each.alert.name, await followCase(each, played[n] as PlayedCase, inboxes)] as const
  })
  return new Map(await Promise.all(told))
}

type Inboxes = { slack: () => SlackMessage[]; mails: (address: string) => Promise<Mail[]> }

async function followCase({ alert, mailAddress }: ToldCase, played: PlayedCase, inboxes: Inboxes): Promise<Told> {
  const told: Told = { slack: {}, mail: {} }
  const runbook = alert.annotations.runbook ?? alert.name
  const isState = (text: string, state: 'fired' | 'resolved') => text.startsWith('[해결 ') === (state === 'resolved')
  const look = async (state: 'fired' | 'resolved') => {
    const attachments = inboxes.slack().flatMap((message) => message.attachments)
    const slack = attachments.find(({ title, title_link }) => title_link.endsWith(runbook) && isState(title, state))
    if (slack) told.slack[state] = slack
    if (mailAddress === undefined || !slack) return slack !== undefined
    const mails = await inboxes.mails(mailAddress)
    const mail = mails.find(({ subject, text }) => text.includes(runbook) && isState(subject, state))
    if (mail) told.mail[state] = mail
    return mail !== undefined
  }
  if (!(await waitFor(() => look('fired'), fireMs))) return told
  played.calm()
  await waitFor(() => look('resolved'), resolveMs)
  return told
}

async function waitFor(isThere: () => Promise<boolean>, ms: number): Promise<boolean> {
  const giveUpAt = Date.now() + ms
  while (Date.now() < giveUpAt) {
    if (await isThere()) return true
    await wait(500)
  }
  return false
}
