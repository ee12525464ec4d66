import type { StatsFs } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { Gauge } from 'prom-client'
import type { Metrics } from './metrics.ts'

/** Shows size and free bytes (those an ordinary user may take) of the disks that `folders` are on; asked when metrics are read. */
export function measureDisks({ registry }: Metrics, folders: string[]): void {
  const gauge = (name: string, help: string, read: (disk: StatsFs) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['folder'],
      registers: [registry],
      async collect() {
        for (const folder of folders) {
          const disk = await statfs(folder).catch(() => undefined)
          // A folder that is gone shows no figure rather than an old one.
          if (disk) this.set({ folder }, read(disk))
          else this.remove({ folder })
        }
      },
    })
  gauge('disk_size_bytes', 'Size of the disk that a folder is on', ({ blocks, bsize }) => blocks * bsize)
  gauge('disk_free_bytes', 'What is free on the disk that a folder is on', ({ bavail, bsize }) => bavail * bsize)
}
