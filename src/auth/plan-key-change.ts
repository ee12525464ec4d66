import { accessTokenLifetimeMs } from './access-token.ts'
import type { KeyChange, StoredSigningKey } from './signing-key-store.ts'
import { jwksMaxAgeS, signingKeysMaxAgeMs } from './signing-keys.ts'

/** When signing keys change: how long one signs, and how long before that it is published. */
export type RotationTimes = { periodMs: number; leadMs: number; commandLeadMs: number }

/** A change of keys before the new key itself is made. */
export type PlannedChange = Pick<KeyChange, 'retire' | 'remove'> & { signsFrom?: Date }

const dayMs = 24 * 60 * 60_000
/** Before it signs, everyone who keeps our public keys has looked again, and our own processes too. */
const shortestLeadMs = jwksMaxAgeS * 1_000 + 2 * signingKeysMaxAgeMs
/** The longest life of a token that a key signed at its last moment, with room for clocks that differ. */
const overlapMs = accessTokenLifetimeMs + 10 * 60_000
/** A retired key is no use to anyone; a week is for whoever looks into what happened. */
const keptMs = 7 * dayMs

/** A new key every `days` (90 unless told), published a day before by schedule and 5 minutes before by command. */
export function rotationTimes(days = 90): RotationTimes {
  return { periodMs: days * dayMs, leadMs: dayMs, commandLeadMs: 5 * 60_000 }
}

/**
 * What is due by the schedule. A change that was missed is made up for with the same lead, so that nobody meets a key that they
 * cannot have seen. Nothing is due before there is a first key.
 */
export function planScheduledChange(
  keys: StoredSigningKey[],
  now: Date,
  { periodMs, leadMs }: RotationTimes,
): PlannedChange | undefined {
  const remove = findForgettable(keys, now)
  const newest = keys.find(({ retiresAt }) => retiresAt === null)
  const dueAt = newest ? newest.signsFrom.getTime() + periodMs : Number.POSITIVE_INFINITY
  if (now.getTime() < dueAt - leadMs) return remove.length > 0 ? { retire: [], remove } : undefined
  const signsFrom = new Date(Math.max(dueAt, now.getTime() + Math.max(leadMs, shortestLeadMs)))
  return { signsFrom, retire: retireAll(keys, signsFrom.getTime() + overlapMs), remove }
}

/**
 * A change by command. `atOnce` is for a key that others may have: the new one signs now, and what the old ones signed is
 * refused as soon as every process has looked again.
 */
export function planCommandedChange(
  keys: StoredSigningKey[],
  now: Date,
  { commandLeadMs, atOnce }: RotationTimes & { atOnce: boolean },
): PlannedChange & { signsFrom: Date } {
  const remove = findForgettable(keys, now)
  if (atOnce) return { signsFrom: now, retire: retireAll(keys, now.getTime()), remove }
  const signsFrom = new Date(now.getTime() + Math.max(commandLeadMs, shortestLeadMs))
  return { signsFrom, retire: retireAll(keys, signsFrom.getTime() + overlapMs), remove }
}

/** Every key that would still be there then. One that is published and does not sign yet never will. */
function retireAll(keys: StoredSigningKey[], at: number): KeyChange['retire'] {
  const later = keys.filter(({ retiresAt }) => retiresAt === null || retiresAt.getTime() > at)
  return later.map(({ kid }) => ({ kid, retiresAt: new Date(at) }))
}

function findForgettable(keys: StoredSigningKey[], now: Date): string[] {
  const isOld = (retiresAt: Date | null) => retiresAt !== null && retiresAt.getTime() + keptMs <= now.getTime()
  return keys.filter(({ retiresAt }) => isOld(retiresAt)).map(({ kid }) => kid)
}
