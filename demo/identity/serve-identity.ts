import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { closeServer, listen } from '../page/http.ts'
import { chooseLanguage } from '../page/language.ts'
import type { IdentityAccount } from './accounts.ts'
import { loadIdentityKeys } from './keys.ts'
import { notePage } from './pages.ts'
import { createProvider, type IdentityClient, serviceOf } from './provider.ts'
import { sentences } from './sentences.ts'
import { createSessionStore } from './session-store.ts'
import { handleLogin, send } from './sign-in-routes.ts'

export type IdentityOptions = {
  /** On 127.0.0.1. */
  port: number
  /** What tokens name as their issuer and clients discover: `http://127.0.0.1:<port>` unless something stands in front. */
  issuer: string
  /** Keeps its keys and sign-ins between starts. */
  dataDir: string
  clients: IdentityClient[]
  accounts: IdentityAccount[]
  log?: (text: string) => void
}

/** Starts the demo identity provider. */
export async function serveIdentity(options: IdentityOptions): Promise<{ url: string; close: () => Promise<void> }> {
  const { issuer, dataDir, clients, accounts, log = () => undefined } = options
  const keys = await loadIdentityKeys(dataDir)
  const store = createSessionStore(dataDir)
  const provider = createProvider({ issuer, clients, accounts, keys, store })
  provider.on('server_error', (_ctx, error) => log(`identity: ${error.stack ?? error.message}\n`))
  const speakOidc = provider.callback()
  const serviceUrl = serviceOf(clients)
  const formTargets = [...new Set(clients.flatMap((client) => client.redirectUris.map((uri) => new URL(uri).origin)))]

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    // Addresses in replies are built from the Host header: accept only our own, so that nobody can make us name another.
    if (request.headers.host !== new URL(issuer).host) return response.writeHead(421).end()
    const { pathname } = new URL(request.url ?? '/', issuer)
    if (pathname.startsWith('/login/'))
      return await handleLogin({ provider, accounts, formTargets, serviceUrl }, request, response)
    if (pathname !== '/') return await speakOidc(request, response)
    const language = chooseLanguage(request)
    send(response, 200, notePage(language, sentences[language].home, sentences[language].homeLead, serviceUrl))
  }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: Error) => {
      log(`identity: ${error.stack ?? error.message}\n`)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  const url = await listen(server, options.port)
  return {
    url,
    close: async () => {
      await closeServer(server)
      await store.save()
    },
  }
}
