import type { ApiCall } from '#platform/http-server'
import type { AuditEntry } from './audit-entry.ts'

/** The audit entry of an API call: its method, its route and the ids in its path, never its query or body. */
export function describeCall(call: ApiCall): AuditEntry {
  const { actorId, key, method, route, target, status, errorCode, ip, durationMs } = call
  return {
    actorId,
    action: `${method} ${route ?? '(no such address)'}`,
    outcome: status < 400 ? 'ok' : status < 500 ? 'refused' : 'failed',
    ip,
    details: {
      status,
      durationMs: Math.round(durationMs),
      ...(errorCode !== null && { errorCode }),
      ...(key && { keyPrefix: key.prefix, keyOwnerId: key.ownerId }),
      ...(Object.keys(target).length > 0 && { target }),
    },
  }
}
