import { type ClientHttp2Session, connect as openHttp2 } from 'node:http2'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export type SessionOptions = {
  origin: string
  /** PEM of an authority of one's own. */
  ca?: string | undefined
  connectMs: number
}

/** A certificate that does not fit: trying again would not help. */
export class CertificateInvalid extends Error {}

const certificateFault = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ALTNAME/

/**
 * A session whose peer has told its settings. Over TLS it is 1.3, and the certificate is verified. Rejects within `connectMs`, with
 * CertificateInvalid where that is why.
 */
export function openSession({ origin, ca, connectMs }: SessionOptions): Promise<ClientHttp2Session> {
  const { promise, resolve, reject } = Promise.withResolvers<ClientHttp2Session>()
  const socket = connectSocket(origin, ca)
  const session = openHttp2(origin, { settings: { enablePush: false }, createConnection: () => socket })
  // Once we have ended it there is nothing left to come; a peer that leaves its half open would keep it for ever.
  socket.once('finish', () => socket.destroy())
  sockets.set(session, socket)
  const timer = setTimeout(() => fail(new Error(`No session in ${connectMs} ms`)), connectMs)
  const fail = (error: Error & { code?: string }) => {
    clearTimeout(timer)
    session.destroy()
    socket.destroy()
    reject(certificateFault.test(error.code ?? '') ? new CertificateInvalid(error.code, { cause: error }) : error)
  }
  session.on('error', fail)
  session.once('close', () => fail(new Error('The session was closed before it was open')))
  session.once('remoteSettings', () => {
    clearTimeout(timer)
    resolve(session)
  })
  return promise
}

/** Whether the other end still answers, within `withinMs`. */
export function answersPing(session: ClientHttp2Session, withinMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), withinMs)
  const settle = (isAlive: boolean) => {
    clearTimeout(timer)
    resolve(isAlive)
  }
  try {
    if (!session.ping((error) => settle(error === null))) settle(false)
  } catch {
    settle(false)
  }
  return promise
}

/** Ends a session once its streams have ended, or after `withinMs`. */
export async function endSession(session: ClientHttp2Session, withinMs: number): Promise<void> {
  const socket = sockets.get(session)
  if (!socket || socket.closed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.once('close', () => resolve())
  session.close()
  const timer = setTimeout(() => socket.destroy(), withinMs)
  await promise
  clearTimeout(timer)
}

/** Nothing of a session that was lost may stay open. */
export function dropSession(session: ClientHttp2Session): void {
  session.destroy()
  sockets.get(session)?.destroy()
}

const sockets = new WeakMap<ClientHttp2Session, Socket>()

function connectSocket(origin: string, ca: string | undefined): Socket {
  const { protocol, hostname, port } = new URL(origin)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol === 'http:') return connectPlain({ host, port: Number(port || 80) })
  return connectTls({
    ...{ host, port: Number(port || 443), minVersion: 'TLSv1.3', ALPNProtocols: ['h2'] },
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca }),
  })
}
