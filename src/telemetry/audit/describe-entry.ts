import type { OpenEntry } from '#audit'
import type { LogDocument } from '../log-output.ts'
import { datasetOf } from '../streams.ts'

/**
 * An audit entry as an ECS event. Its id is the entry's number, so that an entry which is sent twice is one document. Who it was is an
 * id of ours; names, addresses and what was sealed are in the database alone.
 */
export function describeEntry(entry: OpenEntry, namespace: string): LogDocument {
  const { id, at, actorId, action, outcome, traceId, details, hash } = entry
  const document = {
    '@timestamp': at.toISOString(),
    'ecs.version': '8.10.0',
    message: `${action} ${outcome}`,
    'data_stream.type': 'logs',
    'data_stream.dataset': datasetOf('audit'),
    'data_stream.namespace': namespace,
    'event.id': `audit-${id}`,
    'event.sequence': id,
    'event.hash': hash,
    'event.dataset': datasetOf('audit'),
    'event.kind': 'event',
    'event.category': [/^auth|session|sign/.test(action) ? 'authentication' : 'web'],
    'event.type': [outcome === 'refused' ? 'denied' : 'info'],
    'event.action': action,
    'event.outcome': outcome === 'ok' ? 'success' : 'failure',
    'service.name': 'erp-chatbot',
    'trace.id': traceId,
    ...(actorId !== null && { 'user.id': actorId }),
    'erp_chatbot.audit.outcome': outcome,
    'erp_chatbot.audit.details': details,
  }
  return { id: `audit-${id}`, line: `${JSON.stringify(document)}\n` }
}
