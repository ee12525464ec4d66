import { type CryptoKey, calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, importPKCS8 } from 'jose'
import type { FieldCipher } from '#platform/encryption'
import type { PublicSigningKey, SigningKeyStore, StoredSigningKey } from './signing-key-store.ts'

/** Our keys for access tokens. The first is made at the first look; later ones appear within a minute of being stored. */
export type SigningKeys = {
  /** The newest key whose time to sign has come. */
  findSigningKey(): Promise<{ kid: string; key: CryptoKey }>
  findPublicKey(kid: string): Promise<PublicSigningKey | undefined>
  /** What /.well-known/jwks.json says: also keys that do not sign yet, or no longer. */
  listPublicKeys(): Promise<PublicSigningKey[]>
}

type Deps = { store: SigningKeyStore; cipher: FieldCipher; now: () => Date }
type Loaded = { at: number; keys: StoredSigningKey[]; opened: Map<string, Promise<CryptoKey>> }

const maxAgeMs = 60_000
/** Tokens with made-up key ids must not turn into a query each. */
const unknownKeyCooldownMs = 5_000
const algorithm = 'RS256'

export function createSigningKeys(deps: Deps): SigningKeys {
  let loading: Promise<Loaded> | undefined
  let loaded: Loaded | undefined

  const load = async (maxAge: number): Promise<Loaded> => {
    if (loaded && deps.now().getTime() - loaded.at < maxAge) return loaded
    loading ??= loadKeys(deps).finally(() => {
      loading = undefined
    })
    loaded = await loading
    return loaded
  }
  const published = (keys: StoredSigningKey[]) => keys.filter((key) => !key.retiresAt || key.retiresAt > deps.now())

  return {
    async findSigningKey() {
      const { keys, opened } = await load(maxAgeMs)
      const stored = published(keys).find((key) => key.signsFrom <= deps.now())
      if (!stored) throw new Error('No signing key is active')
      const key = opened.get(stored.kid) ?? openPrivateKey(stored, deps.cipher)
      opened.set(stored.kid, key)
      try {
        return { kid: stored.kid, key: await key }
      } catch (error) {
        opened.delete(stored.kid)
        throw error
      }
    },
    async findPublicKey(kid) {
      const find = ({ keys }: Loaded) => published(keys).find((key) => key.kid === kid)
      const stored = find(await load(maxAgeMs)) ?? find(await load(unknownKeyCooldownMs))
      return stored?.publicKey
    },
    async listPublicKeys() {
      const { keys } = await load(maxAgeMs)
      return published(keys).map((key) => key.publicKey)
    },
  }
}

async function loadKeys({ store, cipher, now }: Deps): Promise<Loaded> {
  let keys = await store.listKeys()
  if (keys.length === 0) {
    await store.addFirstKey(await generateSigningKey(cipher, now()))
    keys = await store.listKeys()
  }
  return { at: now().getTime(), keys, opened: new Map() }
}

async function generateSigningKey(cipher: FieldCipher, signsFrom: Date): Promise<StoredSigningKey> {
  const pair = await generateKeyPair(algorithm, { modulusLength: 2048, extractable: true })
  const { n = '', e = '' } = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint({ kty: 'RSA', n, e })
  const publicKey = { kty: 'RSA', n, e, kid, alg: algorithm, use: 'sig' }
  const privateKey = await cipher.encrypt(await exportPKCS8(pair.privateKey), placeOf(kid))
  return { kid, publicKey, privateKey, signsFrom, retiresAt: null }
}

async function openPrivateKey(stored: StoredSigningKey, cipher: FieldCipher): Promise<CryptoKey> {
  return await importPKCS8(await cipher.decrypt(stored.privateKey, placeOf(stored.kid)), algorithm)
}

const placeOf = (kid: string) => ({ table: 'auth_signing_keys', column: 'private_key', row: kid })
