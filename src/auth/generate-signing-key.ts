import { type CryptoKey, calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, importPKCS8 } from 'jose'
import type { FieldCipher, SealedColumn } from '#platform/encryption'
import type { StoredSigningKey } from './signing-key-store.ts'

const algorithm = 'RS256'
export const sealedPrivateKeys: SealedColumn = { table: 'auth_signing_keys', column: 'private_key', rowKey: 'kid' }

/** 3,072 are as strong as AES-128, and a signature takes two and a half times as long. */
const defaultKeyBits = 2_048

/** A new RSA key, named by the thumbprint of its public half (RFC 7638). */
export async function generateSigningKey(
  cipher: FieldCipher,
  signsFrom: Date,
  bits = defaultKeyBits,
): Promise<StoredSigningKey> {
  const pair = await generateKeyPair(algorithm, { modulusLength: bits, extractable: true })
  const { n = '', e = '' } = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint({ kty: 'RSA', n, e })
  const publicKey = { kty: 'RSA', n, e, kid, alg: algorithm, use: 'sig' }
  const privateKey = await cipher.encrypt(await exportPKCS8(pair.privateKey), placeOf(kid))
  return { kid, publicKey, privateKey, signsFrom, retiresAt: null }
}

/** Throws UNDECIPHERABLE, or what the key service throws. */
export async function openPrivateKey(stored: StoredSigningKey, cipher: FieldCipher): Promise<CryptoKey> {
  return await importPKCS8(await cipher.decrypt(stored.privateKey, placeOf(stored.kid)), algorithm)
}

const placeOf = (kid: string) => ({ table: sealedPrivateKeys.table, column: sealedPrivateKeys.column, row: kid })
