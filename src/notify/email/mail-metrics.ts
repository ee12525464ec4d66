import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Metrics } from '#platform/metrics'
import type { MailFailureKind } from './mailer.ts'

export type MailMetrics = {
  sent(seconds: number): void
  failed(kind: MailFailureKind): void
  reported(kind: string): void
}

const made = new WeakMap<Registry, MailMetrics>()

/** How sending mail goes; made once a registry. */
export function createMailMetrics({ registry }: Metrics): MailMetrics {
  const known = made.get(registry) ?? makeInstruments([registry])
  made.set(registry, known)
  return known
}

function makeInstruments(registers: Registry[]): MailMetrics {
  const messages = new Counter({
    name: 'mail_messages_total',
    help: 'Attempts to send a message by outcome: sent, transient, permanent, operator',
    labelNames: ['outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'mail_send_duration_seconds',
    help: 'From handing a message to the mail server to its answer',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  })
  const blocked = new Gauge({
    name: 'mail_blocked',
    help: '1 while no mail goes out because the configuration has to be corrected',
    registers,
  })
  const events = new Counter({
    name: 'mail_events_total',
    help: 'What the provider has reported: delivery, bounce, complaint, open, click',
    labelNames: ['kind'],
    registers,
  })
  // There from the start, so that the first of its kind is a rise from 0.
  for (const outcome of ['sent', 'transient', 'permanent', 'operator']) messages.inc({ outcome }, 0)
  for (const kind of ['delivery', 'bounce', 'complaint', 'open', 'click']) events.inc({ kind }, 0)
  return {
    sent: (took) => {
      messages.inc({ outcome: 'sent' })
      seconds.observe(took)
      blocked.set(0)
    },
    failed: (kind) => {
      messages.inc({ outcome: kind })
      if (kind === 'operator') blocked.set(1)
    },
    reported: (kind) => events.inc({ kind }),
  }
}
