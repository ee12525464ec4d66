import { isRecord } from '../api/client.ts'

/** The device that this browser is registered as, and whose it is. */
export type KeptDevice = { device: string; userId: string }

const storageKey = 'push-device'

/** What was kept in this browser; null when it is not registered. */
export function readKeptDevice(): KeptDevice | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null')
    if (!isRecord(kept) || typeof kept.device !== 'string' || typeof kept.userId !== 'string') return null
    return { device: kept.device, userId: kept.userId }
  } catch {
    return null
  }
}

export function keepDevice(kept: KeptDevice | null): void {
  if (kept) localStorage.setItem(storageKey, JSON.stringify(kept))
  else localStorage.removeItem(storageKey)
}
