import type { Transaction } from 'kysely'
import type { AuditEntry } from './audit-entry.ts'
import type { AuditLog } from './audit-log.ts'

type Deps<Request> = { audit: Pick<AuditLog, 'recordWith'>; actorOf: (request: Request) => { userId: string } }

/**
 * For a route that changes something: puts who asked for it, from where, on record in the transaction that makes the change, so that
 * there is neither without the other.
 */
export function recordAct<Request extends { ip: string }>(
  { audit, actorOf }: Deps<Request>,
  request: Request,
  act: Pick<AuditEntry, 'action' | 'details' | 'personal'>,
): <T>(transaction: Transaction<T>) => Promise<void> {
  const entry = { actorId: actorOf(request).userId, outcome: 'ok' as const, ip: request.ip, ...act }
  return (transaction) => audit.recordWith(transaction, entry)
}
