import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { SMTPServer } from 'smtp-server'
import { closeServer, listen } from '../page/http.ts'
import { chooseLanguage } from '../page/language.ts'
import { type Page, renderPage } from '../page/page.ts'
import { mailboxPage, messagePage, missingPage } from './mail-pages.ts'
import { type MessageStore, openMessageStore } from './message-store.ts'

export type MailSinkOptions = {
  /** Both on 127.0.0.1. */
  smtpPort: number
  httpPort: number
  dataDir: string
  log?: (text: string) => void
}

/** Attachments of 10 MB, as they are encoded. */
const mostMessageBytes = 16 * 1024 * 1024

/** Takes every mail and delivers none. `smtpUrl` is where to send, `url` where to read: a page for people, JSON for programs. */
export async function serveMailSink(
  options: MailSinkOptions,
): Promise<{ url: string; smtpUrl: string; close: () => Promise<void> }> {
  const { smtpPort, httpPort, dataDir, log = () => undefined } = options
  const store = await openMessageStore(dataDir)
  const smtp = createSmtpServer(store, log)
  smtp.listen(smtpPort, '127.0.0.1')
  await Promise.race([
    once(smtp.server, 'listening'),
    once(smtp, 'error').then(() => Promise.reject(new Error(`Port ${smtpPort} on 127.0.0.1 is taken.`))),
  ])
  smtp.on('error', (error) => log(`mail: ${error.message}\n`))
  const address = smtp.server.address()
  const smtpUrl = `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : smtpPort}`

  const http = createServer((request, response) => {
    answer(store, request, response).catch((error: Error) => {
      log(`mail: ${error.stack ?? error.message}\n`)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  const close = async () => {
    await Promise.all([http.listening && closeServer(http), new Promise<void>((done) => smtp.close(() => done()))])
  }
  try {
    return { url: await listen(http, httpPort), smtpUrl, close }
  } catch (error) {
    await close()
    throw error
  }
}

function createSmtpServer(store: MessageStore, log: (text: string) => void): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: mostMessageBytes,
    maxClients: 20,
    socketTimeout: 30_000,
    closeTimeout: 1_000,
    onAuth: (credentials, _session, done) => done(null, { user: credentials.username ?? 'anyone' }),
    onData: (stream, session, done) => {
      const { mailFrom, rcptTo } = session.envelope
      const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map((recipient) => recipient.address) }
      const keep = async () => {
        const raw = await readBounded(stream)
        if (raw === undefined)
          return done(Object.assign(new Error('The message is larger than 16 MB.'), { responseCode: 552 }))
        done(null, `Kept as ${await store.add(raw, envelope)}`)
      }
      keep().catch((error: Error) => {
        log(`mail: ${error.message}\n`)
        done(new Error('The message could not be kept.'))
      })
    },
  })
}

/** `undefined` when it was too big; the rest is read and dropped, as SMTP wants. */
async function readBounded(stream: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes <= mostMessageBytes) chunks.push(chunk)
  }
  return bytes > mostMessageBytes ? undefined : Buffer.concat(chunks)
}

async function answer(store: MessageStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Only under its own names: a page of another site cannot reach it by pointing a name of its own at this machine.
  if (!/^(127\.0\.0\.1|localhost):\d+$/.test(request.headers.host ?? '')) return void response.writeHead(421).end()
  if (request.method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end()
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const [, section, id, part] = pathname.split('/')
  if (pathname === '/' || (section === 'messages' && !id)) {
    const messages = await store.list()
    return reply(request, response, {
      status: 200,
      json: { messages },
      page: (language) => mailboxPage(language, messages),
    })
  }
  const message = section === 'messages' && id ? await store.read(id) : undefined
  if (!message)
    return reply(request, response, { status: 404, json: { message: 'There is no such message.' }, page: missingPage })
  if (part === 'html') return void response.writeHead(200, sandboxHeaders).end(message.html ?? '')
  if (part === 'source') {
    const headers = {
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="${message.id}.eml"`,
    }
    return void response.writeHead(200, headers).end(await store.readRaw(message.id))
  }
  reply(request, response, { status: 200, json: message, page: (language) => messagePage(language, message) })
}

const sandboxHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
}

type Reply = { status: number; json: unknown; page: (language: 'ko' | 'en') => Page }

function reply(request: IncomingMessage, response: ServerResponse, { status, json, page }: Reply): void {
  if (request.headers.accept?.includes('text/html')) {
    const { body, headers } = renderPage(page(chooseLanguage(request)))
    response.writeHead(status, headers).end(body)
    return
  }
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' })
    .end(JSON.stringify(json))
}
