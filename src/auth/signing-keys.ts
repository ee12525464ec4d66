import type { CryptoKey } from 'jose'
import type { FieldCipher } from '#platform/encryption'
import { generateSigningKey, openPrivateKey } from './generate-signing-key.ts'
import type { PublicSigningKey, SigningKeyStore, StoredSigningKey } from './signing-key-store.ts'

/** Our keys for access tokens. The first is made at the first look; whatever becomes of them is known within seconds. */
export type SigningKeys = {
  /** The newest key whose time to sign has come, and since when it signs. */
  findSigningKey(): Promise<{ kid: string; key: CryptoKey; since: Date }>
  findPublicKey(kid: string): Promise<PublicSigningKey | undefined>
  /** What /.well-known/jwks.json says: also keys that do not sign yet, or no longer. */
  listPublicKeys(): Promise<PublicSigningKey[]>
}

type Deps = { store: SigningKeyStore; cipher: FieldCipher; bits?: number | undefined; now: () => Date }
type Loaded = { at: number; keys: StoredSigningKey[] }

/** How long others may keep what /.well-known/jwks.json says. */
export const jwksMaxAgeS = 60
/** How long a key that was retired may go unnoticed. */
export const signingKeysMaxAgeMs = 5_000
/** Tokens with made-up key ids must not turn into a query each: they cause no more than one in this time. */
const unknownKeyCooldownMs = 30_000

export function createSigningKeys(deps: Deps): SigningKeys {
  let loading: Promise<Loaded> | undefined
  let loaded: Loaded | undefined
  let soughtAt = Number.NEGATIVE_INFINITY
  const opened = new Map<string, Promise<CryptoKey>>()

  const load = async (maxAge: number): Promise<Loaded> => {
    if (loaded && deps.now().getTime() - loaded.at < maxAge) return loaded
    loading ??= loadKeys(deps).finally(() => {
      loading = undefined
    })
    loaded = await loading
    const kids = new Set(loaded.keys.map(({ kid }) => kid))
    for (const kid of opened.keys()) if (!kids.has(kid)) opened.delete(kid)
    return loaded
  }
  const published = (keys: StoredSigningKey[]) => keys.filter((key) => !key.retiresAt || key.retiresAt > deps.now())

  return {
    async findSigningKey() {
      const { keys } = await load(signingKeysMaxAgeMs)
      const stored = published(keys).find((key) => key.signsFrom <= deps.now())
      if (!stored) throw new Error('No signing key is active')
      const key = opened.get(stored.kid) ?? openPrivateKey(stored, deps.cipher)
      opened.set(stored.kid, key)
      try {
        return { kid: stored.kid, key: await key, since: stored.signsFrom }
      } catch (error) {
        opened.delete(stored.kid)
        throw error
      }
    },
    async findPublicKey(kid) {
      const find = ({ keys }: Loaded) => published(keys).find((key) => key.kid === kid)
      const known = find(await load(signingKeysMaxAgeMs))
      const at = deps.now().getTime()
      if (known || at - soughtAt < unknownKeyCooldownMs) return known?.publicKey
      soughtAt = at
      return find(await load(0))?.publicKey
    },
    async listPublicKeys() {
      const { keys } = await load(signingKeysMaxAgeMs)
      return published(keys).map((key) => key.publicKey)
    },
  }
}

async function loadKeys({ store, cipher, bits, now }: Deps): Promise<Loaded> {
  let keys = await store.listKeys()
  if (keys.length === 0) {
    await store.addFirstKey(await generateSigningKey(cipher, now(), bits))
    keys = await store.listKeys()
  }
  return { at: now().getTime(), keys }
}
