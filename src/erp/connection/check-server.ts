import { lookup } from 'node:dns/promises'
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { connect, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls'
import type { Found } from './connection-step.ts'

type TlsOptions = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'minVersion'>

/** How long each of these may take. */
export const patienceMs = 3_000

/** Whether the address is known and takes connections. */
export async function checkAddress(url: URL): Promise<Found> {
  const params = { host: url.host, seconds: String(patienceMs / 1_000) }
  try {
    await lookup(hostOf(url))
  } catch {
    return { finding: 'unknownHost', ok: false, params }
  }
  try {
    const socket = await opened(connect({ host: hostOf(url), port: portOf(url) }), 'connect')
    socket.destroy()
    return { finding: 'reached', ok: true, params }
  } catch (error) {
    return { finding: codeOf(error) === 'ECONNREFUSED' ? 'closedPort' : 'unreachable', ok: false, params }
  }
}

/** Whether the certificate is good, by the rules of the connections themselves. Nothing is sent over one that is not. */
export async function checkTls(url: URL, options: TlsOptions): Promise<Found> {
  if (url.protocol === 'http:') return { finding: 'plain', ok: true }
  const host = hostOf(url)
  const asked = { ...options, host, port: portOf(url), rejectUnauthorized: false }
  try {
    const socket = await opened(connectTls({ ...asked, ...(isIP(host) ? {} : { servername: host }) }), 'secureConnect')
    const certificate = socket.getPeerCertificate()
    const problem = socket.authorized ? undefined : String(socket.authorizationError ?? 'unknown')
    socket.destroy()
    return judgeCertificate(url, certificate, problem)
  } catch (error) {
    const reason = codeOf(error) || 'timeout'
    return { finding: isTooOld(reason) ? 'tlsTooOld' : 'tlsFailed', ok: false, params: { reason } }
  }
}

/** Either side may be the one that says it. */
const isTooOld = (reason: string) => /^ERR_SSL_(TLSV1_ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL)$/.test(reason)

function judgeCertificate(url: URL, certificate: PeerCertificate, problem: string | undefined): Found {
  const params = {
    host: hostOf(url),
    from: dayOf(certificate.valid_from),
    until: dayOf(certificate.valid_to),
    issuer: nameOf(certificate.issuer),
    names:
      certificate.subjectaltname?.replaceAll('DNS:', '').replaceAll('IP Address:', '') || nameOf(certificate.subject),
  }
  if (problem === undefined) return { finding: 'secured', ok: true, params }
  if (/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/.test(problem)) return { finding: 'certificateExpired', ok: false, params }
  if (/ALTNAME/.test(problem)) return { finding: 'certificateName', ok: false, params }
  return { finding: 'certificateUntrusted', ok: false, params }
}

/** How many seconds may lie between the ERP's clock and ours. */
const mostSkewS = 60

/** Compares the clocks by the Date of a reply, whatever the reply says. Nothing secret is sent. */
export async function checkClock(url: URL, options: TlsOptions, now: () => Date): Promise<Found> {
  const date = await readDate(url, options).catch(() => undefined)
  const theirs = Date.parse(date ?? '')
  if (Number.isNaN(theirs)) return { finding: 'clockUnknown', ok: true }
  const skewS = Math.round((theirs - now().getTime()) / 1_000)
  if (Math.abs(skewS) <= mostSkewS) return { finding: 'clockRight', ok: true }
  const direction = skewS > 0 ? '+' : '-'
  return { finding: 'clockWrong', ok: false, params: { seconds: String(Math.abs(skewS)), direction } }
}

function readDate(url: URL, options: TlsOptions): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'http:' ? requestPlain : requestSecure
    const asked = { ...options, method: 'HEAD', signal: AbortSignal.timeout(patienceMs), agent: false as const }
    send(url, asked, (reply) => {
      reply.destroy()
      resolve(reply.headers.date)
    })
      .once('error', reject)
      .end()
  })
}

function opened<T extends Socket | TLSSocket>(socket: T, event: 'connect' | 'secureConnect'): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error('timeout')), patienceMs)
    socket.once('close', () => clearTimeout(timer))
    socket.on('error', reject)
    socket.once(event, () => {
      clearTimeout(timer)
      resolve(socket)
    })
  })
}

const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '')
const portOf = (url: URL) => Number(url.port || (url.protocol === 'http:' ? 80 : 443))

function dayOf(text: string | undefined): string {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? '?' : new Date(time).toISOString().slice(0, 10)
}

function nameOf(name: PeerCertificate['subject'] | undefined): string {
  return String(name?.O ?? name?.CN ?? '?')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
