import { ecsFormat } from '@elastic/ecs-pino-format'
import { type DestinationStream, type Logger, pino } from 'pino'
import { redact, redactText } from './redact.ts'
import { runningTrace } from './trace.ts'

export type { Logger } from 'pino'

type Options = { level: string; role: string; destination?: DestinationStream }

/**
 * A logger of one JSON line per event in Elastic Common Schema, with the running trace's ids.
 * Secrets are blanked by key and by look, but texts of users are the caller's duty: keep messages static, and `child` bindings too.
 */
export function createLogger(options: Options): Logger {
  const ecs = ecsFormat({ serviceName: 'erp-chatbot', apmIntegration: false })
  const format = ecs.formatters
  return pino(
    {
      ...ecs,
      level: options.level,
      formatters: {
        ...format,
        bindings: (bindings) => ({
          ...redactFields(format?.bindings?.(bindings) ?? bindings),
          'service.node.roles': options.role.split(','),
        }),
        log: (fields) => redactFields(format?.log?.(fields) ?? fields),
      },
      mixin: () => traceFields(),
      hooks: { streamWrite: redactText },
    },
    options.destination ?? pino.destination({ fd: 1, sync: false }),
  )
}

function redactFields(fields: object): Record<string, unknown> {
  return redact(fields) as Record<string, unknown>
}

function traceFields(): Record<string, string> {
  const trace = runningTrace()
  return trace ? { 'trace.id': trace.traceId, 'span.id': trace.spanId } : {}
}
