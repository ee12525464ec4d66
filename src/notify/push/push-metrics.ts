import { Counter, Gauge, type Registry } from 'prom-client'
import type { Metrics } from '#platform/metrics'
import type { PushFailureKind } from './push-sender.ts'

export type PushMetrics = {
  sent(): void
  failed(kind: PushFailureKind): void
  /** A message is tried again within its sending, and why. */
  retried(code: string): void
  sessionEnded(reason: 'goaway' | 'lost'): void
}

const made = new WeakMap<Registry, PushMetrics>()

/** How sending push messages goes; made once a registry. */
export function createPushMetrics({ registry }: Metrics): PushMetrics {
  const known = made.get(registry) ?? makeInstruments([registry])
  made.set(registry, known)
  return known
}

function makeInstruments(registers: Registry[]): PushMetrics {
  const messages = new Counter({
    name: 'push_messages_total',
    help: 'Messages to devices by outcome: sent, transient, permanent, unregistered, operator',
    labelNames: ['outcome'],
    registers,
  })
  const retries = new Counter({
    name: 'push_retries_total',
    help: 'Messages that were tried again at once, by why',
    labelNames: ['code'],
    registers,
  })
  const sessions = new Counter({
    name: 'push_sessions_ended_total',
    help: 'Sessions that ended: goaway, lost',
    labelNames: ['reason'],
    registers,
  })
  const blocked = new Gauge({
    name: 'push_blocked',
    help: '1 while nothing goes out because the configuration has to be corrected',
    registers,
  })
  // There from the start, so that the first of its kind is a rise from 0.
  for (const outcome of ['sent', 'transient', 'permanent', 'unregistered', 'operator']) messages.inc({ outcome }, 0)
  for (const reason of ['goaway', 'lost']) sessions.inc({ reason }, 0)
  return {
    sent: () => {
      messages.inc({ outcome: 'sent' })
      blocked.set(0)
    },
    failed: (kind) => {
      messages.inc({ outcome: kind })
      if (kind === 'operator') blocked.set(1)
    },
    retried: (code) => retries.inc({ code }),
    sessionEnded: (reason) => sessions.inc({ reason }),
  }
}
