import { createHash, timingSafeEqual } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { ODataError } from './odata/errors.ts'

export type Client = { clientId: string; clientSecret: string }

const issuer = 'demo-erp'
const audience = 'demo-erp-odata'

/** A reply of the token endpoint, as RFC 6749 has it. */
type TokenReply = { status: number; headers: Record<string, string>; body: Record<string, string | number> }

export type TokenService = {
  /** `client_credentials`, with HTTP Basic or the secret in the form. */
  issue: (form: URLSearchParams, authorization: string | undefined) => Promise<TokenReply>
  /** Throws a 401 unless the header carries a token that one of our instances gave and that still counts. */
  verify: (authorization: string | undefined) => Promise<void>
}

/** Tokens are HS256 JWTs under a secret all instances share, so that the standby accepts the primary's. `lifetimeS` is in seconds. */
export function createTokenService(options: {
  clients: Client[]
  signingSecret: string
  lifetimeS: number
}): TokenService {
  const key = new TextEncoder().encode(options.signingSecret)
  return {
    async issue(form, authorization) {
      const given = readCredentials(form, authorization)
      if (given === 'malformed') return refuse(400, 'invalid_request', 'Send the credentials once: Basic or form.')
      if (!given || !isKnown(options.clients, given))
        return refuse(401, 'invalid_client', 'Unknown client or wrong secret.')
      if (form.getAll('grant_type').length !== 1) return refuse(400, 'invalid_request', 'grant_type is needed, once.')
      if (form.get('grant_type') !== 'client_credentials') {
        return refuse(400, 'unsupported_grant_type', 'Only client_credentials is served.')
      }
      const token = await new SignJWT({ scope: 'odata.read' })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(given.clientId)
        .setIssuedAt()
        .setJti(crypto.randomUUID())
        .setExpirationTime(`${options.lifetimeS} seconds`)
        .sign(key)
      const body = { access_token: token, token_type: 'Bearer', expires_in: options.lifetimeS, scope: 'odata.read' }
      return { status: 200, headers: {}, body }
    },
    async verify(authorization) {
      const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1]
      if (!token) throw unauthorized('A bearer token is needed.', '')
      await jwtVerify(token, key, { issuer, audience, algorithms: ['HS256'], typ: 'at+jwt' }).catch(() => {
        throw unauthorized('The token is not valid or has expired.', ', error="invalid_token"')
      })
    },
  }
}

function unauthorized(message: string, detail: string): ODataError {
  return new ODataError(401, 'Unauthorized', message, { 'WWW-Authenticate': `Bearer realm="${issuer}"${detail}` })
}

function refuse(status: number, error: string, description: string): TokenReply {
  const headers: Record<string, string> = status === 401 ? { 'WWW-Authenticate': `Basic realm="${issuer}"` } : {}
  return { status, headers, body: { error, error_description: description } }
}

function readCredentials(form: URLSearchParams, authorization: string | undefined): Client | 'malformed' | undefined {
  const inForm = { clientId: form.get('client_id'), clientSecret: form.get('client_secret') }
  if (authorization === undefined) {
    const { clientId, clientSecret } = inForm
    return clientId !== null && clientSecret !== null ? { clientId, clientSecret } : undefined
  }
  if (inForm.clientSecret !== null) return 'malformed'
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1]
  const pair = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString())
  if (!pair) return 'malformed'
  try {
    return { clientId: formDecode(pair[1] ?? ''), clientSecret: formDecode(pair[2] ?? '') }
  } catch {
    return 'malformed'
  }
}

/** RFC 6749 2.3.1: both halves of Basic are form-encoded. */
const formDecode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))

function isKnown(clients: Client[], given: Client): boolean {
  // Every client is compared, so that time tells nothing about which one came close.
  return clients
    .map((client) => [isSame(client.clientId, given.clientId), isSame(client.clientSecret, given.clientSecret)])
    .some(([id, secret]) => id && secret)
}

/** Compares secrets in a time that does not depend on where they differ. */
export function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}
