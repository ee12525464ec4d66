import { createLogger, type DestinationStream, type Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { openStandardOutput } from '#platform/standard-output'
import { connectElasticsearch, type ElasticsearchAccess } from './elasticsearch/connect.ts'
import type { LineQueue } from './elasticsearch/line-queue.ts'
import { createElasticsearchOutput, type StoreNews } from './elasticsearch/log-output.elasticsearch.ts'
import { type FilesOptions, openFilesOutput } from './files/log-output.files.ts'
import { createLogMetrics } from './log-metrics.ts'
import type { LogOutput } from './log-output.ts'
import { createStandardOutput } from './standard-output.ts'
import { type LogStream, placeOf } from './streams.ts'

/** Where logs go. `stdout`: `logs` what happens, `all` the audit and summaries, too, `off` nothing. */
export type LogsOptions = {
  level: string
  role: string
  namespace: string
  stdout: 'logs' | 'all' | 'off'
  queueBytes: number
  elasticsearch?: ElasticsearchAccess | undefined
  files?: FilesOptions | undefined
}

/** The loggers of a process, and the outputs behind them. */
export type Logs = AsyncDisposable & {
  app: Logger
  system: Logger
  /** Outputs that take what must not be lost: the audit and the summaries. */
  keepers: LogOutput[]
  /** The outputs that can be away, for the status page. */
  outputs: LogOutput[]
  namespace: string
}

/**
 * Opens every output that is configured. An unreachable log store shows in the system log and in metrics, and stops nothing; a log
 * folder that cannot be made throws.
 */
export async function openLogs(options: LogsOptions, metrics: Metrics): Promise<Logs> {
  const { namespace, level, role, stdout } = options
  const standard = createStandardOutput(openStandardOutput())
  const outputs: LogOutput[] = []
  const lines: LogOutput[] = stdout === 'off' ? [] : [standard]
  const destinationOf = (stream: LogStream): DestinationStream => ({
    write: (line) => {
      for (const output of lines) output.offer(stream, line)
    },
  })
  const loggerOf = (stream: LogStream) =>
    createLogger({ level, role, stream: placeOf(stream, namespace), destination: destinationOf(stream) })
  const [app, system] = [loggerOf('app'), loggerOf('system')]

  let queue: LineQueue | undefined
  const logMetrics = createLogMetrics(metrics, () => queue)
  if (options.files)
    outputs.push(await openFilesOutput(options.files, { metrics: logMetrics, onFault: tellOnce(system) }))
  if (options.elasticsearch) {
    const client = await connectElasticsearch(options.elasticsearch)
    const bounds = { mostBytes: options.queueBytes }
    const readMetrics = (made: LineQueue) => {
      queue = made
      return logMetrics
    }
    const tell = (news: StoreNews) => tellOfStore(system, news)
    outputs.push(createElasticsearchOutput({ client, namespace, metrics: readMetrics, tell, bounds }))
  }
  lines.push(...outputs)
  for (const { name } of outputs) logMetrics.noteOpened(name)
  return {
    ...{ app, system, outputs, namespace },
    keepers: stdout === 'all' ? [standard, ...outputs] : outputs,
    async [Symbol.asyncDispose]() {
      for (const output of outputs) await output.close()
    },
  }
}

function tellOfStore(system: Logger, { isReachable, fault, dropped }: StoreNews): void {
  const fields = { 'event.module': 'log-store', 'event.reason': fault, 'log.dropped': dropped }
  if (isReachable) system.info(fields, 'The log store is back; what waited is being sent')
  else if (fault === 'refused')
    system.error(fields, 'The log store refuses our credentials; lines wait, then are dropped')
  else system.warn(fields, 'The log store does not answer; lines wait, then are dropped')
}

/** A disk that is full would fill the log with itself: one line a minute. */
function tellOnce(system: Logger): (error: unknown) => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return (error) => {
    if (performance.now() - toldAt < 60_000) return
    toldAt = performance.now()
    system.error({ err: error, 'event.module': 'log-files' }, 'The log folder cannot be written')
  }
}
