import { once } from 'node:events'
import { serveErp } from './serve-erp.ts'

/**
 * The demo ERP as a process of its own. Environment: DATABASE_URL, PORT, ERP_CLIENT_ID, ERP_CLIENT_SECRET, ERP_API_KEY,
 * ERP_SIGNING_SECRET, and optionally ERP_FAULTS=1 and ERP_TOKEN_LIFETIME_S. Tells its parent `{ready: true, url}`.
 */
function readVariable(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set.`)
  return value
}

await using erp = await serveErp({
  databaseUrl: readVariable('DATABASE_URL'),
  port: Number(process.env.PORT ?? 0),
  clients: [{ clientId: readVariable('ERP_CLIENT_ID'), clientSecret: readVariable('ERP_CLIENT_SECRET') }],
  apiKey: readVariable('ERP_API_KEY'),
  signingSecret: readVariable('ERP_SIGNING_SECRET'),
  faults: process.env.ERP_FAULTS === '1',
  onCall: (call) => process.stdout.write(`${JSON.stringify({ '@timestamp': new Date().toISOString(), ...call })}\n`),
  tokenLifetimeS: Number(process.env.ERP_TOKEN_LIFETIME_S ?? 300),
})
process.send?.({ ready: true, url: erp.url })
// A parent that goes away takes its children with it.
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), once(process, 'disconnect')])
// The channel to the parent would keep this process alive.
if (process.connected) process.disconnect()
