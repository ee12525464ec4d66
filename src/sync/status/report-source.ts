import type { Logger } from '#platform/log'
import type { SourceStatus, SourceStatusStore } from './source-status.ts'

type Deps = {
  status: () => SourceStatus
  store: Pick<SourceStatusStore, 'report'>
  log: Logger
  everyMs: number
}

/** Leaves word of a source again and again, while this is the replica that follows it. */
export function reportSource({ status, store, log, everyMs }: Deps): AsyncDisposable & { close(): Promise<void> } {
  let reporting = Promise.resolve()
  const report = async () => {
    const said = status()
    if (said.state === 'standby') return
    await store.report(said).catch((error: unknown) => log.warn({ err: error }, 'The state of a source was not kept'))
  }
  const timer = setInterval(() => {
    reporting = reporting.then(report)
  }, everyMs)
  timer.unref()
  const close = async () => {
    clearInterval(timer)
    await reporting
  }
  return { close, [Symbol.asyncDispose]: close }
}
