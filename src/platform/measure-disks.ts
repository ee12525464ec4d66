import { statfs } from 'node:fs/promises'
import { Gauge } from 'prom-client'
import type { Metrics } from './metrics.ts'

/** Shows size and free bytes (those an ordinary user may take) of the disks that `folders` are on; asked when metrics are read. */
export function measureDisks({ registry }: Metrics, folders: string[]): void {
  const labelNames = ['folder']
  const size = new Gauge({
    name: 'disk_size_bytes',
    help: 'Size of the disk that a folder is on',
    labelNames,
    registers: [registry],
  })
  new Gauge({
    name: 'disk_free_bytes',
    help: 'What is free on the disk that a folder is on',
    labelNames,
    registers: [registry],
    async collect() {
      for (const folder of folders) {
        const disk = await statfs(folder).catch(() => undefined)
        // A folder that is gone shows no figure rather than an old one.
        if (!disk) {
          this.remove({ folder })
          size.remove({ folder })
          continue
        }
        this.set({ folder }, disk.bavail * disk.bsize)
        size.set({ folder }, disk.blocks * disk.bsize)
      }
    },
  })
}
