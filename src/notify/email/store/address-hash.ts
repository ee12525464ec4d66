import type { Kysely } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import { createKeyedHash, type KeyedHash } from '../../keyed-hash.ts'

/** The same for the same address, whatever its case: what an address is found by. */
export type HashAddress = KeyedHash

/** Keyed hashes of addresses. */
export function createAddressHash(kysely: Kysely<unknown>, cipher: FieldCipher): HashAddress {
  const hash = createKeyedHash(kysely, cipher, 'email_hash_key')
  return (address) => hash(address.trim().toLowerCase())
}
