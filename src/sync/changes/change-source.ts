import type { RecordChange } from '../copy/copy.ts'

/** Columns of a row: numeric as exact text, times and days as the database writes them; `undefined`: not sent, because unchanged. */
export type ChangeRow = Record<string, string | number | boolean | null | undefined>

/** One row of one of the ERP's tables, or with `truncate` all of them. `before` has at least what identifies the row, where the ERP tells. */
export type TableChange = {
  /** `schema.name`. */
  table: string
  kind: 'insert' | 'update' | 'delete' | 'truncate'
  before?: ChangeRow
  after?: ChangeRow
  /** ISO, by the ERP's clock. */
  committedAt: string
}

/** A table that can't be followed. `isPast`: it can by now, but has not been for a while. */
export type TableGap = { table: string; reason: string; isPast?: true }

/** Whole transactions of the source, in the order of their commits. */
export type ChangeBatch = {
  changes: TableChange[]
  /** What the source knows by entity already. */
  records?: RecordChange[]
  /** When it was looked: all that there are, so that those no longer among them are closed. */
  gaps?: TableGap[]
  /** Where to go on after this batch. Of two positions of a source the later is the greater text, code point by code point. */
  position: string
  /** ISO: up to when the source has been followed with this batch, by the ERP's clock. */
  at: string
  /** Where one source carries the changes of several servers: which of them, each with positions of its own. */
  server?: string
}

type ChangeSourceStatus = {
  state: 'idle' | 'following'
  /** Seconds that the newest applied change, or the last sign that there is none, lies behind the ERP's clock. */
  lagSeconds?: number
  /** Sentences for the operator, each on one thing that is wrong. */
  problems: string[]
}

/** Takes a batch to where it belongs. The source goes on to the next, and acknowledges, only after it resolves. */
export type ApplyBatch = (batch: ChangeBatch) => Promise<void>

/** Where the ERP's changes come from. Every batch comes at least once, also across crashes of either side. */
export type ChangeSource = {
  /** Part of every stored position: never to be changed. */
  name: string
  /**
   * Delivers batches after `from`, the position of the last one applied, one at a time, until the signal aborts; then resolves.
   * Throws when the source fails, or `apply` does, which is the caller's to call again. Throws ChangesLost when changes after
   * `from` can't be had any more.
   */
  follow(from: string | undefined, apply: ApplyBatch, signal: AbortSignal): Promise<void>
  /** After ChangesLost: begins anew from now on, with a position after `from`. The caller has distrusted the copy before. */
  renew?(from: string | undefined, signal: AbortSignal): Promise<{ position: string; at: string }>
  status(): ChangeSourceStatus
  close(): Promise<void>
}

/** Changes are missing between the position asked for and the first that the source still has. */
export class ChangesLost extends Error {
  override readonly name = 'ChangesLost'
  /** Whether this was to be expected: the first time that a source is followed. */
  readonly isFirst: boolean

  constructor(reason: string, isFirst = false) {
    super(reason)
    this.isFirst = isFirst
  }
}
