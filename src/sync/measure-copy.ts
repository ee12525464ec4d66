import { Gauge } from 'prom-client'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import type { Copy } from './copy/copy.ts'

/** Shows, by entity, how many records the copy has, since when they were last all read, and whether it is trusted; read when metrics are. */
export function measureCopy({ registry }: Metrics, copy: Pick<Copy, 'state'>, log: Logger): void {
  const read = async () => {
    try {
      for (const { entity, records: count, filledAt, distrusted: why } of await copy.state()) {
        records.set({ entity }, count)
        distrusted.set({ entity }, why ? 1 : 0)
        if (filledAt) filled.set({ entity }, Date.parse(filledAt) / 1_000)
      }
    } catch (error) {
      // No figure rather than an old one.
      for (const one of [records, filled, distrusted]) one.reset()
      log.warn({ err: error }, 'The state of the copy could not be read')
    }
  }
  let reading: Promise<void> | undefined
  const gauge = (name: string, help: string) =>
    new Gauge({
      name,
      help,
      labelNames: ['entity'],
      registers: [registry],
      // All are shown at once, and each waits for the one reading.
      async collect() {
        reading ??= read().finally(() => {
          reading = undefined
        })
        await reading
      },
    })
  const filled = gauge('copy_filled_timestamp_seconds', 'When a full sync of an entity last finished, as Unix time')
  const distrusted = gauge('copy_distrusted', '1 while an entity of the copy is not trusted and waits to be read anew')
  const records = gauge('copy_records', 'Records in the copy of the ERP, by entity')
}
