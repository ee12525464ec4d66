import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import type { SealedPart } from './audit-entry.ts'

/** What is sealed of an entry. */
type PersonalPart = { ip: string | null; personal?: Record<string, unknown> }

/** Seals what is personal in entries, and signs checkpoints. One key of its own, which lies sealed in the database. */
export type AuditSeal = {
  seal(part: PersonalPart): Promise<SealedPart>
  open(sealed: SealedPart): Promise<PersonalPart>
  /** By which the entries of an address are found. The same address, the same mark. */
  markAddress(ip: string): Promise<Buffer>
  /** Only who has the key can make the mark of a checkpoint. */
  markCheckpoint(checkpoint: { id: number; hash: Buffer; removesBefore: boolean }): Promise<Buffer>
}

const markBytes = 16
const place = (ref: string) => ({ table: 'audit_log', column: 'sealed', row: ref })

export function createAuditSeal(database: Database, cipher: FieldCipher): AuditSeal {
  const mark = createMarker(database, cipher)
  const markAddress = (ip: string) => mark(`address:${plainAddress(ip)}`)
  return {
    async seal({ ip, personal }) {
      const ref = randomUUID()
      const part: PersonalPart = { ip, ...(personal && { personal }) }
      const [content, ipMark] = await Promise.all([
        cipher.encrypt(JSON.stringify(part), place(ref)),
        ip === null ? null : markAddress(ip),
      ])
      return { ref, ipMark, content }
    },
    open: async ({ ref, content }) => JSON.parse(await cipher.decrypt(content, place(ref))) as PersonalPart,
    markAddress,
    markCheckpoint: ({ id, hash, removesBefore }) =>
      mark(`checkpoint:${id}:${hash.toString('hex')}:${removesBefore ? 'removes' : 'reached'}`),
  }
}

/** An IPv4 address is the same one behind a socket that speaks IPv6. */
function plainAddress(ip: string): string {
  return ip.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
}

/** Keyed hashes (HMAC-SHA-256, 16 bytes): what is hashed cannot be guessed by trying all addresses without the key. */
function createMarker(database: Database, cipher: FieldCipher): (text: string) => Promise<Buffer> {
  let key: Promise<Buffer> | undefined
  return async (text) => {
    key ??= readKey(database, cipher)
    key.catch(() => {
      key = undefined
    })
    return createHmac('sha256', await key)
      .update(text)
      .digest()
      .subarray(0, markBytes)
  }
}

const purpose = 'marks'

/** The key of the marks; made by the first process that needs it. */
async function readKey({ kysely: db }: Database, cipher: FieldCipher): Promise<Buffer> {
  const keyPlace = { table: 'audit_secrets', column: 'secret', row: purpose }
  const find = async () =>
    (await sql<{ secret: Buffer }>`select secret from audit_secrets where purpose = ${purpose}`.execute(db)).rows[0]
  let found = await find()
  if (!found) {
    const made = await cipher.encrypt(randomBytes(32).toString('base64'), keyPlace)
    await sql`insert into audit_secrets (purpose, secret) values (${purpose}, ${made}) on conflict do nothing`.execute(
      db,
    )
    found = await find()
  }
  if (!found) throw new Error('The key of the audit trail is missing')
  return Buffer.from(await cipher.decrypt(found.secret, keyPlace), 'base64')
}
