import { type IdentityOptions, serveIdentity } from '../identity/serve-identity.ts'
import { type MailSinkOptions, serveMailSink } from '../mail/serve-mail-sink.ts'

/** The identity provider and the mail sink as a process of their own. Environment: OFFICE_SERVERS, this type as JSON. */
export type OfficeServers = { identity?: Omit<IdentityOptions, 'log'>; mail: Omit<MailSinkOptions, 'log'> }

const { identity, mail }: OfficeServers = JSON.parse(process.env.OFFICE_SERVERS ?? '')
const log = (text: string) => void process.stderr.write(text)
const servers = [await serveMailSink({ ...mail, log })]
let url = servers[0]?.url ?? ''
if (identity) {
  const provider = await serveIdentity({ ...identity, log })
  servers.push({ ...provider, smtpUrl: '' })
  url = provider.url
}

async function stop(): Promise<void> {
  await Promise.all(servers.map((server) => server.close()))
  process.exit(0)
}
process.once('SIGTERM', () => void stop())
process.send?.({ ready: true, url })
