import { envelopeOf, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import { statusSchema } from './api.ts'
import type { DependencyWatch } from './watch-dependencies.ts'

/** GET /api/v1/status: the health of what this process depends on, for those whose role permits `sync`. */
export function registerStatus(server: HttpServer, watch: Pick<DependencyWatch, 'status'>): void {
  const schema = { response: { 200: envelopeOf(statusSchema) } }
  server.get('/api/v1/status', { config: { access: 'sync' }, schema }, async () =>
    wrapMessage(watch.status(), { destination: 'client' }),
  )
}
