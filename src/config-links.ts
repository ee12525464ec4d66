import { z } from 'zod'
import { isLoopback, isOpenUrl } from '#platform/loopback'

/** The variables that name our certificates. */
export const tlsVariables = {
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  NLU_TLS_CERT_FILE: z.string().optional(),
  NLU_TLS_KEY_FILE: z.string().optional(),
  NLU_TLS_CA_FILE: z.string().optional(),
}

/** PEM files of a certificate, its key and the authority whose certificates are trusted. */
export type TlsPaths = { certFile: string; keyFile: string; caFile?: string | undefined }

export function toTlsPaths(certFile?: string, keyFile?: string, caFile?: string): TlsPaths | undefined {
  return certFile !== undefined && keyFile !== undefined ? { certFile, keyFile, caFile } : undefined
}

/** What of the environment says where we listen and whom we reach, and how. */
type Links = z.infer<z.ZodObject<typeof tlsVariables>> & {
  ROLES: string[]
  HOST: string
  PUBLIC_URL?: string | undefined
  NLU_LISTEN: string
  NLU_ADDRESSES?: string[] | undefined
  CHANGES_URL?: string | undefined
  METRICS_LISTEN?: string | undefined
}

const hostOf = (address: string) => address.slice(0, address.lastIndexOf(':'))

/** Which of the addresses that variables name would be reached in the clear off loopback, one sentence each. */
export function findOpenUrls(reached: Record<string, string | string[] | undefined>): string[] {
  return Object.entries(reached).flatMap(([name, texts = []]) =>
    [texts]
      .flat()
      .map((text) => new URL(text))
      .filter(isOpenUrl)
      .map(({ host, protocol }) => `${name}: ${host} must be reached over ${protocol.replace(':', 's')}`),
  )
}

/** Links off loopback that would be open to others, one sentence each. */
export function findLinkProblems(env: Links): string[] {
  return [
    ...findHttpProblems(env),
    ...findNluProblems(env),
    ...findMetricsProblems(env),
    ...(env.CHANGES_URL === undefined ? [] : findDatabaseProblems('CHANGES_URL', env.CHANGES_URL)),
  ]
}

function findHttpProblems({ ROLES, HOST, PUBLIC_URL, TLS_CERT_FILE, TLS_KEY_FILE }: Links): string[] {
  const problems: string[] = []
  if ((TLS_CERT_FILE === undefined) !== (TLS_KEY_FILE === undefined))
    problems.push('TLS_CERT_FILE, TLS_KEY_FILE: each needs the other')
  const isSecure = TLS_CERT_FILE !== undefined && TLS_KEY_FILE !== undefined
  const isOpen = ROLES.includes('http') && !isLoopback(HOST)
  if (isOpen && !isSecure)
    problems.push(`HOST: plain HTTP is served on loopback only; for ${HOST} set TLS_CERT_FILE and TLS_KEY_FILE`)
  if (isOpen && PUBLIC_URL === undefined)
    problems.push(`PUBLIC_URL: needed when HOST is ${HOST}: how browsers reach the service`)
  if (PUBLIC_URL !== undefined && new URL(PUBLIC_URL).protocol === 'http:') {
    if (isSecure) problems.push('PUBLIC_URL: must begin with https, because TLS_CERT_FILE is set')
    else if (!isLoopback(new URL(PUBLIC_URL).hostname)) problems.push('PUBLIC_URL: must begin with https off loopback')
  }
  return problems
}

function findMetricsProblems({ METRICS_LISTEN: listen, TLS_CERT_FILE, TLS_KEY_FILE }: Links): string[] {
  const isSecure = TLS_CERT_FILE !== undefined && TLS_KEY_FILE !== undefined
  if (listen === undefined || isSecure || isLoopback(hostOf(listen))) return []
  return [`METRICS_LISTEN: plain HTTP is served on loopback only; for ${listen} set TLS_CERT_FILE and TLS_KEY_FILE`]
}

function findNluProblems(env: Links): string[] {
  const problems: string[] = []
  const files = [env.NLU_TLS_CERT_FILE, env.NLU_TLS_KEY_FILE, env.NLU_TLS_CA_FILE]
  const given = files.filter((file) => file !== undefined).length
  const all = 'NLU_TLS_CERT_FILE, NLU_TLS_KEY_FILE and NLU_TLS_CA_FILE'
  if (given > 0 && given < files.length) problems.push(`${all}: each needs the others`)
  const isSecure = given === files.length
  if (!isSecure && env.ROLES.includes('nlu') && !isLoopback(hostOf(env.NLU_LISTEN)))
    problems.push(`NLU_LISTEN: plain gRPC is served on loopback only; for ${env.NLU_LISTEN} set ${all}`)
  const open = isSecure ? undefined : env.NLU_ADDRESSES?.find((address) => !isLoopback(hostOf(address)))
  if (open !== undefined) problems.push(`NLU_ADDRESSES: plain gRPC goes to loopback only; for ${open} set ${all}`)
  if (isSecure && env.ROLES.includes('http') && !env.NLU_ADDRESSES)
    problems.push('NLU_ADDRESSES: needed with NLU_TLS_CERT_FILE: the host name that the certificate is for')
  return problems
}

/** Parameters by which a URL could undo `sslmode`. */
const undoing = ['ssl', 'uselibpqcompat']

/** What is wrong with the link to a database, one sentence each. */
export function findDatabaseProblems(name: string, text: string): string[] {
  const url = new URL(text)
  // The driver takes the host from a parameter, too; a path is a socket of this machine.
  const hosts = [url.hostname, ...url.searchParams.getAll('host')].map(decodeURIComponent).filter(Boolean)
  const far = hosts.find((host) => !isLoopback(host) && !host.startsWith('/'))
  if (far === undefined) return []
  const modes = url.searchParams.getAll('sslmode')
  if (modes.length !== 1 || modes[0] !== 'verify-full')
    return [
      `${name}: ${far} must be reached over TLS with its certificate checked: add sslmode=verify-full (and sslrootcert=FILE for an authority of your own)`,
    ]
  const undone = undoing.find((parameter) => url.searchParams.has(parameter))
  return undone === undefined ? [] : [`${name}: ${undone} must not be set beside sslmode=verify-full`]
}
