import { join } from 'node:path'
import { demoAccounts, demoPassword } from '../accounts.ts'
import { prepareErp } from '../erp/prepare-erp.ts'
import { ensureOwnedDatabase } from '../postgres/databases.ts'
import { startPostgres } from '../postgres.ts'
import { type ChildOptions, startChild } from './child.ts'
import { LaunchError } from './launch-error.ts'
import type { Launch, PartName } from './office.ts'
import type { OfficeServers } from './office-servers.ts'
import type { Running } from './roster.ts'
import { clientId, describeServices } from './service-environment.ts'

const repository = join(import.meta.dirname, '../..')
const erpSeed = 20_261_123

type Databases = { databaseUrl: string; erpDatabaseUrl?: string }
type Servers = { identityUrl: string; mailUrl: string; smtpUrl: string }
type Erp = { erpUrls: string[]; erpDatabaseUrl?: string }

/** PostgreSQL with the databases that are not configured; not started at all when both are elsewhere. */
export async function startDatabases({ directory, roster, steps, given }: Launch): Promise<Databases> {
  if (given.DATABASE_URL && given.ERP_URLS) return { databaseUrl: given.DATABASE_URL }
  return await steps.step('PostgreSQL', async () => {
    let adminUrl = ''
    const start = async (): Promise<Running> => {
      const dataDir = join(directory.path, 'postgres')
      const server = await startPostgres({
        dataDir,
        port: directory.ports.postgres,
        log: directory.logOf('postgres').write,
      }).catch((error: Error) => {
        throw new LaunchError(error.message, { cause: error })
      })
      adminUrl = server.url('postgres')
      return { ...server, url: adminUrl, ended: server.exited.then(() => 'see its log') }
    }
    await roster.add({ name: 'postgres', tier: 0, start })
    const { serviceDatabasePassword, erpDatabasePassword } = directory.secrets
    const service = { database: 'erp_chatbot', owner: 'erp_chatbot', password: serviceDatabasePassword }
    const erp = { database: 'demo_erp', owner: 'demo_erp', password: erpDatabasePassword, replication: true }
    const databaseUrl = given.DATABASE_URL ?? (await ensureOwnedDatabase(adminUrl, service))
    return given.ERP_URLS ? { databaseUrl } : { databaseUrl, erpDatabaseUrl: await ensureOwnedDatabase(adminUrl, erp) }
  })
}

/** The identity provider, unless one is configured, and the mail sink. */
export async function startOfficeServers(launch: Launch): Promise<Servers> {
  const { directory, steps, given, publicPort } = launch
  const { ports, secrets, path } = directory
  const issuer = `http://127.0.0.1:${ports.identity}`
  const origins = [publicUrlOf(launch), `http://localhost:${publicPort}`, `http://127.0.0.1:${publicPort}`]
  const identity: OfficeServers['identity'] = {
    port: ports.identity,
    issuer,
    dataDir: join(path, 'identity'),
    clients: [
      {
        clientId,
        clientSecret: secrets.oidcClientSecret,
        redirectUris: [...new Set(origins.map((origin) => new URL('/auth/callback', origin).href))],
        postLogoutRedirectUris: [...new Set(origins.map((origin) => new URL('/', origin).href))],
        backchannelLogoutUri: new URL('/auth/backchannel-logout', `http://127.0.0.1:${publicPort}`).href,
      },
    ],
    accounts: demoAccounts.map((account) => ({
      ...account,
      password: demoPassword,
      email: `${account.login}@hanbit.example`,
    })),
  }
  const mail = { smtpPort: ports.smtp, httpPort: ports.mail, dataDir: join(path, 'mail') }
  const servers: OfficeServers = given.OIDC_ISSUER ? { mail } : { identity, mail }
  const env = { OFFICE_SERVERS: JSON.stringify(servers) }
  await steps.step(given.OIDC_ISSUER ? 'Mail sink' : 'Sign-in server and mail sink', async () => {
    await addChild(launch, { name: 'sign-in', tier: 1, entry: 'demo/launch/office-servers.ts', env })
  })
  return {
    identityUrl: given.OIDC_ISSUER ?? issuer,
    mailUrl: `http://127.0.0.1:${ports.mail}`,
    smtpUrl: `smtp://127.0.0.1:${ports.smtp}`,
  }
}

/** The demo ERP, filled for today, and its standby, unless an ERP is configured. */
export async function startErp(launch: Launch, { erpDatabaseUrl }: Databases): Promise<Erp> {
  const { directory, steps, given } = launch
  if (given.ERP_URLS || erpDatabaseUrl === undefined)
    return { erpUrls: (given.ERP_URLS ?? '').split(',').filter(Boolean) }
  const today = new Date().toLocaleDateString('sv', { timeZone: 'Asia/Seoul' })
  await steps.step(`Demo ERP data for ${today}`, (tell) =>
    prepareErp({
      databaseUrl: erpDatabaseUrl,
      today,
      seed: erpSeed,
      onStep: (line) => tell(line.replace(/^Demo ERP: /, '')),
    }),
  )
  const { erpClientSecret, erpApiKey, erpSigningSecret } = directory.secrets
  const env = {
    DATABASE_URL: erpDatabaseUrl,
    ERP_CLIENT_ID: clientId,
    ERP_CLIENT_SECRET: erpClientSecret,
    ERP_API_KEY: erpApiKey,
    ERP_SIGNING_SECRET: erpSigningSecret,
    ERP_FAULTS: launch.erpFaults ? '1' : '0',
  }
  const start = (name: 'erp-primary' | 'erp-standby', port: number) =>
    addChild(launch, { name, tier: 1, entry: 'demo/erp/main.ts', env: { ...env, PORT: String(port) } })
  return await steps.step('Demo ERP, primary and standby', async () => {
    const started = await Promise.all([
      start('erp-primary', directory.ports.erpPrimary),
      start('erp-standby', directory.ports.erpStandby),
    ])
    return { erpUrls: started.map((part) => part.url), erpDatabaseUrl }
  })
}

/** The product itself. Answers its public URL. */
export async function startServices(launch: Launch, found: Databases & Servers & Erp): Promise<string> {
  const { directory, steps, given, publicPort: port } = launch
  const publicUrl = publicUrlOf(launch)
  const services = describeServices(
    {
      dataDir: directory.path,
      port,
      publicUrl,
      databaseUrl: found.databaseUrl,
      issuer: found.identityUrl,
      smtpUrl: found.smtpUrl,
      erpUrls: found.erpUrls,
      erpDatabaseUrl: found.erpDatabaseUrl,
      secrets: directory.secrets,
      nluPort: directory.ports.nlu,
      metricsPorts: { nlu: directory.ports.nluMetrics, worker: directory.ports.workerMetrics },
      given,
    },
    launch.roles ?? 'one',
  )
  for (const { name, env } of services) {
    const label = name === 'service' ? 'ERP chatbot' : `ERP chatbot: ${name}`
    await steps.step(label, () => addChild(launch, { name, tier: 2, entry: 'src/main.ts', env }))
  }
  return publicUrl
}

/** `localhost`, while the sign-in server is at 127.0.0.1: browsers keep cookies by host name, and the two must not share them. */
function publicUrlOf({ given, publicPort }: Launch): string {
  return given.PUBLIC_URL ?? `http://localhost:${publicPort}`
}

type PartChild = Pick<ChildOptions, 'entry' | 'env'> & { name: PartName; tier: number }

async function addChild({ directory, roster }: Launch, { name, tier, entry, env }: PartChild) {
  const inherited = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TZ: process.env.TZ,
    NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
  }
  const options = { name, entry: join(repository, entry), env: { ...inherited, ...env }, log: directory.logOf(name) }
  return await roster.add({ name, tier, start: (signal) => startChild({ ...options, signal }) })
}
