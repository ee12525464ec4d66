import { ecsFormat } from '@elastic/ecs-pino-format'
import { type DestinationStream, type Logger, pino } from 'pino'
import { redact, redactText } from './redact.ts'
import { openStandardOutput } from './standard-output.ts'
import { runningTrace } from './trace.ts'

export type { DestinationStream, Logger } from 'pino'

/** Which data stream of a log store a logger's lines belong to, as `logs-<dataset>-<namespace>`. */
export type LogDataset = { dataset: string; namespace: string }

type Options = { level: string; role: string; stream?: LogDataset; destination?: DestinationStream }

/**
 * A logger of one JSON line per event in Elastic Common Schema, with the running trace's ids and, given one, its data stream.
 * Secrets are blanked by key and by look, but texts of users are the caller's duty: keep messages static, and `child` bindings too.
 */
export function createLogger(options: Options): Logger {
  const { stream } = options
  const eventDataset = stream?.dataset ?? 'erp-chatbot'
  const ecs = ecsFormat({ serviceName: 'erp-chatbot', apmIntegration: false, eventDataset })
  const format = ecs.formatters
  const place = stream && {
    'data_stream.type': 'logs',
    'data_stream.dataset': stream.dataset,
    'data_stream.namespace': stream.namespace,
  }
  return pino(
    {
      ...ecs,
      level: options.level,
      formatters: {
        ...format,
        bindings: (bindings) => ({
          ...redactFields(format?.bindings?.(bindings) ?? bindings),
          'service.node.roles': options.role.split(','),
          ...place,
        }),
        log: (fields) => redactFields(format?.log?.(fields) ?? fields),
      },
      mixin: () => traceFields(),
      hooks: { streamWrite: redactText },
    },
    options.destination ?? openStandardOutput(),
  )
}

function redactFields(fields: object): Record<string, unknown> {
  return redact(fields) as Record<string, unknown>
}

function traceFields(): Record<string, string> {
  const trace = runningTrace()
  return trace ? { 'trace.id': trace.traceId, 'span.id': trace.spanId } : {}
}
