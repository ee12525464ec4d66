import type { Metrics } from '#platform/metrics'
import { type Logs, openLogs, startTracing } from '#telemetry'
import type { Config } from './config.ts'
import { readPem } from './read-pem.ts'

/**
 * Opens where logs and traces go, before anything that writes any. Disposing of it comes last, so that what is said while closing
 * still goes out. ConfigError when a file that is named cannot be read.
 */
export async function openTelemetry(config: Config, metrics: Metrics): Promise<Logs> {
  const { logs, traces, logLevel: level, roles } = config
  const role = roles.join(',')
  const resources = new AsyncDisposableStack()
  const { elasticsearch, ...options } = logs
  const store = elasticsearch && { ...elasticsearch, ca: readPem('ELASTICSEARCH_CA_FILE', elasticsearch.caFile) }
  const opened = resources.use(await openLogs({ ...options, level, role, elasticsearch: store }, metrics))
  if (traces) {
    const ca = readPem('OTEL_EXPORTER_OTLP_CERTIFICATE', traces.caFile)
    resources.use(await startTracing({ ...traces, ca, role }, metrics))
  }
  return { ...opened, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}
