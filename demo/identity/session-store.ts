import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Adapter, AdapterPayload } from 'oidc-provider'

type Entry = { payload: AdapterPayload; expiresAtMs: number }

export type SessionStore = {
  adapterFor: (model: string) => Adapter
  /** Writes what must outlive a restart; call before the process ends. */
  save: () => Promise<void>
}

const mostEntries = 5_000
/** Sign-ins outlive a restart; codes and half-finished sign-ins need not. */
const keptModels = /^(Session|Grant):/

/** The provider's state, in memory, bounded, with its sign-ins kept in `dataDir` (0600). */
export function createSessionStore(dataDir: string): SessionStore {
  const path = join(dataDir, 'identity-sessions.json')
  const entries = new Map<string, Entry>(readEntries(path))
  let saving: NodeJS.Timeout | undefined
  const save = async () => {
    clearTimeout(saving)
    saving = undefined
    const kept = [...entries].filter(([key, entry]) => keptModels.test(key) && entry.expiresAtMs > Date.now())
    await writeFile(`${path}.new`, JSON.stringify(kept), { mode: 0o600 })
    await rename(`${path}.new`, path)
  }
  const saveSoon = () => {
    saving ??= setTimeout(() => void save().catch(() => undefined), 500).unref()
  }
  return { adapterFor: (model) => createAdapter(model, entries, saveSoon), save }
}

function readEntries(path: string): [string, Entry][] {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // None yet, or unreadable: people sign in again.
    return []
  }
}

function createAdapter(model: string, entries: Map<string, Entry>, saveSoon: () => void): Adapter {
  const keyOf = (id: string) => `${model}:${id}`
  const remove = (key: string) => {
    if (entries.delete(key) && keptModels.test(key)) saveSoon()
  }
  const live = (key: string) => {
    const entry = entries.get(key)
    if (entry === undefined || entry.expiresAtMs > Date.now()) return entry
    remove(key)
    return undefined
  }
  const findWhere = (matches: (payload: AdapterPayload) => boolean) => {
    for (const key of entries.keys()) {
      if (!key.startsWith(`${model}:`)) continue
      const entry = live(key)
      if (entry !== undefined && matches(entry.payload)) return entry.payload
    }
    return undefined
  }
  return {
    upsert: async (id, payload, expiresInS) => {
      const key = keyOf(id)
      // Set again, it becomes the youngest; the oldest makes room.
      entries.delete(key)
      entries.set(key, { payload, expiresAtMs: Date.now() + (expiresInS || 3_600) * 1_000 })
      for (const oldest of entries.keys()) {
        if (entries.size <= mostEntries) break
        entries.delete(oldest)
      }
      if (keptModels.test(key)) saveSoon()
    },
    find: async (id) => live(keyOf(id))?.payload,
    findByUid: async (uid) => findWhere((payload) => payload.uid === uid),
    findByUserCode: async (code) => findWhere((payload) => payload.userCode === code),
    consume: async (id) => {
      const entry = entries.get(keyOf(id))
      if (entry) entry.payload.consumed = Math.floor(Date.now() / 1_000)
    },
    destroy: async (id) => remove(keyOf(id)),
    revokeByGrantId: async (grantId) => {
      for (const [key, entry] of entries) if (entry.payload.grantId === grantId) remove(key)
    },
  }
}
