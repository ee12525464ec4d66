import { z } from 'zod'
import { defaultLimits, type HttpLimits } from '#platform/http-server'
import { readNetwork } from '#platform/networks'
import { listOf } from './config-values.ts'

/** The variables that bound what callers may do, and say who may call from where. Defaults are of the server itself. */
const whole = (fallback: number, least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback)
const perMinute = (fallback: number) => whole(fallback, 1, 1_000_000)
const kib = (bytes: number, most = 1_024) => whole(bytes / 1_024, 1, most)
const seconds = (ms: number) => whole(ms / 1_000, 1, 600)
const failures = z.coerce.number().int().min(1).max(1_000_000).optional()
const network = z.string().refine((text) => readNetwork(text) !== undefined, 'must be a network such as 10.0.0.0/8')
const networks = listOf(network).optional()

export const limitVariables = {
  TRUSTED_PROXIES: networks,
  METRICS_FROM: networks,
  HEALTH_FROM: networks,
  LIMIT_PERSON_CALLS: perMinute(defaultLimits.perActor),
  LIMIT_KEY_CALLS: perMinute(defaultLimits.perKey),
  LIMIT_ADDRESS_CALLS: perMinute(defaultLimits.perAddress),
  LIMIT_SIGN_IN_FAILURES: failures,
  LIMIT_SIGN_IN_FAILURES_OVERALL: failures,
  LIMIT_KEY_FAILURES: failures,
  LIMIT_KEY_FAILURES_OVERALL: failures,
  LIMIT_BODY_KIB: kib(defaultLimits.bodyBytes, 10_240),
  LIMIT_JSON_DEPTH: whole(defaultLimits.jsonDepth, 5, 100),
  LIMIT_JSON_MEMBERS: whole(defaultLimits.jsonMembers, 100, 1_000_000),
  LIMIT_URL_CHARACTERS: whole(defaultLimits.urlCharacters, 1_024, 65_536),
  LIMIT_QUERY_PARAMETERS: whole(defaultLimits.queryParameters, 20, 1_000),
  LIMIT_HEADER_KIB: kib(defaultLimits.headerBytes, 64),
  LIMIT_HEADERS: whole(defaultLimits.headers, 20, 1_000),
  LIMIT_HEADERS_SECONDS: seconds(defaultLimits.headersMs),
  LIMIT_REQUEST_SECONDS: seconds(defaultLimits.requestMs),
  LIMIT_ANSWER_SECONDS: seconds(defaultLimits.answerMs),
  LIMIT_KEEP_ALIVE_SECONDS: seconds(defaultLimits.keepAliveMs),
  LIMIT_SILENCE_SECONDS: seconds(defaultLimits.silenceMs),
  LIMIT_CONNECTIONS: whole(defaultLimits.connections, 10, 1_000_000),
  LIMIT_SOCKETS: whole(defaultLimits.socketsPerActor, 1, 10_000),
  LIMIT_SOCKET_FRAMES: perMinute(defaultLimits.framesPerMinute),
  LIMIT_SOCKET_FRAME_KIB: kib(defaultLimits.frameBytes),
}

type Environment = z.infer<z.ZodObject<typeof limitVariables>>
type FailureLimits = { perAddress?: number; overall?: number }

/** What one caller may do, and from where. Absent failures: as sign-in itself has them; absent networks: as the server has them. */
export type LimitsConfig = {
  http: HttpLimits
  failures: { signIn: FailureLimits; apiKeys: FailureLimits }
  from: { trustedProxies?: string[]; metricsFrom?: string[]; healthFrom?: string[] }
}

export function readLimits(env: Environment): LimitsConfig {
  return {
    http: readHttpLimits(env),
    failures: {
      signIn: readFailures(env.LIMIT_SIGN_IN_FAILURES, env.LIMIT_SIGN_IN_FAILURES_OVERALL),
      apiKeys: readFailures(env.LIMIT_KEY_FAILURES, env.LIMIT_KEY_FAILURES_OVERALL),
    },
    from: {
      ...(env.TRUSTED_PROXIES && { trustedProxies: env.TRUSTED_PROXIES }),
      ...(env.METRICS_FROM && { metricsFrom: env.METRICS_FROM }),
      ...(env.HEALTH_FROM && { healthFrom: env.HEALTH_FROM }),
    },
  }
}

/** Limits that cannot both hold. */
export function findLimitConflicts(env: Environment): string[] {
  if (env.LIMIT_HEADERS_SECONDS <= env.LIMIT_REQUEST_SECONDS) return []
  return ['LIMIT_HEADERS_SECONDS: cannot be more than LIMIT_REQUEST_SECONDS']
}

function readHttpLimits(env: Environment): HttpLimits {
  return {
    perActor: env.LIMIT_PERSON_CALLS,
    perKey: env.LIMIT_KEY_CALLS,
    perAddress: env.LIMIT_ADDRESS_CALLS,
    bodyBytes: env.LIMIT_BODY_KIB * 1_024,
    jsonDepth: env.LIMIT_JSON_DEPTH,
    jsonMembers: env.LIMIT_JSON_MEMBERS,
    urlCharacters: env.LIMIT_URL_CHARACTERS,
    queryParameters: env.LIMIT_QUERY_PARAMETERS,
    headerBytes: env.LIMIT_HEADER_KIB * 1_024,
    headers: env.LIMIT_HEADERS,
    headersMs: env.LIMIT_HEADERS_SECONDS * 1_000,
    requestMs: env.LIMIT_REQUEST_SECONDS * 1_000,
    answerMs: env.LIMIT_ANSWER_SECONDS * 1_000,
    keepAliveMs: env.LIMIT_KEEP_ALIVE_SECONDS * 1_000,
    silenceMs: env.LIMIT_SILENCE_SECONDS * 1_000,
    connections: env.LIMIT_CONNECTIONS,
    socketsPerActor: env.LIMIT_SOCKETS,
    framesPerMinute: env.LIMIT_SOCKET_FRAMES,
    frameBytes: env.LIMIT_SOCKET_FRAME_KIB * 1_024,
  }
}

function readFailures(perAddress: number | undefined, overall: number | undefined): FailureLimits {
  return { ...(perAddress !== undefined && { perAddress }), ...(overall !== undefined && { overall }) }
}
