import type pg from 'pg'
import { Gauge } from 'prom-client'
import type { Metrics } from './metrics.ts'

/** Shows what the connections of a process's pool do, and how many callers wait for one. Once a registry. */
export function measurePool({ registry }: Metrics, pool: pg.Pool, size: number): void {
  new Gauge({
    name: 'database_connections',
    help: 'Connections of the database pool, by state: busy, idle',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
      this.set({ state: 'idle' }, pool.idleCount)
    },
  })
  new Gauge({
    name: 'database_connections_waited_for',
    help: 'Callers that wait for a connection of the database pool',
    registers: [registry],
    collect() {
      this.set(pool.waitingCount)
    },
  })
  new Gauge({
    name: 'database_connections_limit',
    help: 'The most connections that the database pool opens',
    registers: [registry],
  }).set(size)
}
