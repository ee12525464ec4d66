import { createHmac, randomUUID } from 'node:crypto'
import type { Database } from '#platform/database'
import { type FieldCipher, openUnder, sealUnder } from '#platform/encryption'
import { encryptionErrors } from '#platform/encryption-errors'
import { AppError } from '#platform/errors'
import type { SealedPart } from './audit-entry.ts'
import { createAuditKeys, marksPurpose, monthOf, purposeOfMonth } from './audit-keys.ts'

/** What is sealed of an entry. */
type PersonalPart = { ip: string | null; personal?: Record<string, unknown> }

/** Seals what is personal in entries, and signs checkpoints, with keys of the trail's own. */
export type AuditSeal = {
  /** Under the key of the month that `at` is in. */
  seal(part: PersonalPart, at: Date): Promise<SealedPart>
  open(sealed: SealedPart): Promise<PersonalPart>
  /** By which the entries of an address are found. The same address, the same mark. */
  markAddress(ip: string): Promise<Buffer>
  /** Only who has the key can make the mark of a checkpoint. */
  markCheckpoint(checkpoint: { id: number; hash: Buffer; removesBefore: boolean }): Promise<Buffer>
}

const markBytes = 16
const version = 1
const headBytes = 5
const place = (ref: string) => ({ table: 'audit_log', column: 'sealed', row: ref })

/** Stored: version (1) ‖ month of the key (4) ‖ iv (12) ‖ ciphertext ‖ tag (16). */
export function createAuditSeal(database: Database, cipher: FieldCipher): AuditSeal {
  const keys = createAuditKeys(database, cipher)
  const mark = async (text: string) => hash(await keys.take(marksPurpose), text).subarray(0, markBytes)
  const markAddress = (ip: string) => mark(`address:${plainAddress(ip)}`)
  return {
    async seal({ ip, personal }, at) {
      const ref = randomUUID()
      const part: PersonalPart = { ip, ...(personal && { personal }) }
      const month = monthOf(at)
      const [key, ipMark] = await Promise.all([keys.take(purposeOfMonth(month)), ip === null ? null : markAddress(ip)])
      const head = Buffer.alloc(headBytes)
      head.writeUInt8(version)
      head.writeUInt32BE(month, 1)
      const content = Buffer.concat([head, sealUnder(keyOfEntry(key, ref), JSON.stringify(part), place(ref))])
      return { ref, ipMark, content }
    },
    async open({ ref, content }) {
      if (content.length < headBytes || content.readUInt8() !== version)
        throw new AppError(encryptionErrors.undecipherable)
      const key = await keys.find(purposeOfMonth(content.readUInt32BE(1)))
      return JSON.parse(openUnder(keyOfEntry(key, ref), content.subarray(headBytes), place(ref))) as PersonalPart
    },
    markAddress,
    markCheckpoint: ({ id, hash, removesBefore }) =>
      mark(`checkpoint:${id}:${hash.toString('hex')}:${removesBefore ? 'removes' : 'reached'}`),
  }
}

/** A key for each entry, so that a month may have any number of them under random ivs. */
const keyOfEntry = (key: Buffer, ref: string) => hash(key, `entry:${ref}`)

/** Keyed (HMAC-SHA-256): what is hashed cannot be guessed by trying all addresses without the key. */
function hash(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** An IPv4 address is the same one behind a socket that speaks IPv6. */
function plainAddress(ip: string): string {
  return ip.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
}
