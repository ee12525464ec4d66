import type { SealedColumn } from '#platform/encryption'

/** Where subscriptions keep sealed values in the database. */
export const sealedSubscriptionColumns: SealedColumn[] = [
  { table: 'subscriptions', column: 'content', rowKey: 'subscription' },
  { table: 'subscriptions', column: 'memory', rowKey: 'subscription' },
  { table: 'subscription_notices', column: 'content', rowKey: 'notice' },
]
