import type { LookupCounter } from '../count-lookups.ts'
import { HeldKey, type OpenedKey } from './held-key.ts'
import { type KeyService, masterKeyIdOf } from './key-service.ts'

/** How long and how often a data key is used, and how soon a new master key is noticed. */
export type KeyLimits = {
  /** Values that one data key encrypts. */
  maxUses: number
  /** The longest that a data key encrypts. */
  maxAgeMs: number
  /** How long a data key that was opened to decrypt stays in memory. */
  openForMs: number
  /** How many of those there may be. */
  maxOpen: number
  /** How often the key service is asked for its current master key while a data key is in use. */
  checkEveryMs: number
}

const keyContext = { purpose: 'field' }

/** Works with the data key to encrypt with; callers that arrive while a new one is made share it. */
export function createKeySource(keys: KeyService, { maxUses, maxAgeMs, checkEveryMs }: KeyLimits) {
  let current: { key: HeldKey; uses: number; end: () => void } | undefined

  function begin() {
    const making = keys.generateDataKey(keyContext)
    const key = new HeldKey(making)
    const end = () => {
      clearTimeout(age)
      clearInterval(check)
      if (current?.key === key) current = undefined
      key.drop()
    }
    const age = setTimeout(end, maxAgeMs).unref()
    // In the background: while the key service is away, the key in hand goes on.
    const check = setInterval(() => void endIfReplaced(keys, making, end), checkEveryMs).unref()
    making.catch(end)
    return { key, uses: 0, end }
  }

  return async <T>(work: (key: OpenedKey) => T): Promise<T> => {
    if (current && current.uses >= maxUses) current.end()
    current ??= begin()
    current.uses += 1
    return await current.key.use(work)
  }
}

/** Works with the data key that was wrapped; each is unwrapped once while it stays open. */
export function createKeyCache(keys: KeyService, { openForMs, maxOpen }: KeyLimits, onLookup?: LookupCounter) {
  const open = new Map<string, { key: HeldKey; end: () => void }>()

  function begin(id: string, wrapped: Buffer) {
    const opening = keys.unwrapDataKey(wrapped, keyContext).then((plain) => ({ plain, wrapped }))
    const key = new HeldKey(opening)
    const end = () => {
      clearTimeout(timer)
      if (open.get(id)?.key === key) open.delete(id)
      key.drop()
    }
    const timer = setTimeout(end, openForMs).unref()
    opening.catch(end)
    return { key, end }
  }

  return async <T>(wrapped: Buffer, work: (key: OpenedKey) => T): Promise<T> => {
    const id = wrapped.toString('base64')
    const known = open.get(id)
    onLookup?.(known ? 'hit' : 'miss')
    const entry = known ?? begin(id, wrapped)
    open.delete(id)
    open.set(id, entry)
    const [oldest] = open.values()
    if (open.size > maxOpen) oldest?.end()
    return await entry.key.use(work)
  }
}

async function endIfReplaced(keys: KeyService, making: Promise<OpenedKey>, end: () => void): Promise<void> {
  try {
    const { wrapped } = await making
    if ((await keys.currentKeyId()) !== masterKeyIdOf(wrapped)) end()
  } catch {
    // Asked again at the next check.
  }
}
