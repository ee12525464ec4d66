import type { FieldCipher } from '#platform/encryption'
import type { Subscription, SubscriptionContent } from '../subscription.ts'

export type SubscriptionRow = {
  subscription: string
  owner: string
  kind: Subscription['kind']
  state: Subscription['state']
  reason: Subscription['reason']
  content: Buffer
  next_at: Date | null
  last_at: Date | null
  last_outcome: Subscription['lastOutcome']
  last_code: string | null
  created_at: Date
}

type Column = 'content' | 'memory'

/** Seals and opens the values of subscriptions and notices, each for its own row. */
export function createCells(cipher: FieldCipher) {
  const placeOf = (row: string, column: Column) => ({ table: 'subscriptions', column, row })
  const noticePlace = (row: string) => ({ table: 'subscription_notices', column: 'content', row })
  return {
    seal: (value: unknown, row: string, column: Column = 'content') =>
      cipher.encrypt(JSON.stringify(value), placeOf(row, column)),
    open: async <T>(sealed: Buffer, row: string, column: Column = 'content') =>
      JSON.parse(await cipher.decrypt(sealed, placeOf(row, column))) as T,
    sealNotice: (value: unknown, row: string) => cipher.encrypt(JSON.stringify(value), noticePlace(row)),
    openNotice: async <T>(sealed: Buffer, row: string) =>
      JSON.parse(await cipher.decrypt(sealed, noticePlace(row))) as T,
  }
}
export type Cells = ReturnType<typeof createCells>

/** A row as the rest of the capability knows it. */
export async function readRow(row: SubscriptionRow, cells: Cells): Promise<Subscription> {
  const content = await cells.open<SubscriptionContent>(row.content, row.subscription)
  return {
    ...content,
    subscription: row.subscription,
    owner: row.owner,
    kind: row.kind,
    state: row.state,
    reason: row.reason,
    nextAt: row.next_at,
    lastAt: row.last_at,
    lastOutcome: row.last_outcome,
    lastCode: row.last_code,
    createdAt: row.created_at,
  }
}
