/**
 * How far a slot has been followed. `epoch` counts the slots that were made, so that positions grow though a new server begins at a lower
 * LSN; `atMs` lets the time move on where no transaction does.
 */
export type SlotPosition = { epoch: number; lsn: bigint; atMs: number }

/** Fixed widths, so that positions compare as texts. */
export function formatPosition({ epoch, lsn, atMs }: SlotPosition): string {
  return `${String(epoch).padStart(6, '0')}/${lsn.toString(16).toUpperCase().padStart(16, '0')}/${String(Math.floor(atMs)).padStart(15, '0')}`
}

/** Throws an Error for what `formatPosition` did not write. */
export function parsePosition(text: string): SlotPosition {
  const [, epoch, lsn, atMs] = /^(\d{6,})\/([0-9A-F]{16})\/(\d{15,})$/.exec(text) ?? []
  if (!epoch || !lsn || !atMs) throw new Error('A stored position of the replication slot cannot be read')
  return { epoch: Number(epoch), lsn: BigInt(`0x${lsn}`), atMs: Number(atMs) }
}

/** PostgreSQL's `16/B374D848`. */
export function parseLsn(text: string): bigint {
  const [high = '', low = ''] = text.split('/')
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`)
}

export function formatLsn(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffffffffn).toString(16).toUpperCase()}`
}
