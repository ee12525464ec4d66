/** The public half as /.well-known/jwks.json shows it: an RSA key for RS256 signatures. */
export type PublicSigningKey = { kty: string; n: string; e: string; kid: string; alg: string; use: string }

/**
 * A signing key as it is kept: the private part sealed. It signs from `signsFrom` on, until a newer one does, and is
 * published from the start until it retires, so that every token it signed can still be verified.
 */
export type StoredSigningKey = {
  kid: string
  publicKey: PublicSigningKey
  privateKey: Buffer
  signsFrom: Date
  retiresAt: Date | null
}

/** A change of the keys: one is added, others are given their end, and those long retired are removed. */
export type KeyChange = { add?: StoredSigningKey; retire: { kid: string; retiresAt: Date }[]; remove: string[] }

export type SigningKeyStore = {
  /** Every key, newest `signsFrom` first. */
  listKeys(): Promise<StoredSigningKey[]>
  /** Adds the very first key. When another process was faster, its key stands and this one is dropped. */
  addFirstKey(key: StoredSigningKey): Promise<void>
  /** Lets one caller at a time decide on a change by the keys as they are then; all of it is done, or nothing. */
  changeKeys(decide: (keys: StoredSigningKey[]) => Promise<KeyChange | undefined>): Promise<void>
}
