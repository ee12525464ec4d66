import { createHash, randomUUID } from 'node:crypto'

/** A new id; with a key always the same one for the topic, as UUID version 8 of RFC 9562. */
export function messageIdOf(topic: string, idempotencyKey: string | undefined): string {
  if (idempotencyKey === undefined) return randomUUID()
  const bytes = createHash('sha256')
    .update(JSON.stringify([topic, idempotencyKey]))
    .digest()
    .subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
