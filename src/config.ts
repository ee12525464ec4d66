import { z } from 'zod'
import { type ErpConfig, erpVariables, findErpProblems, toErpConfig } from './config-erp.ts'
import { findKeyProblems, type KeyConfig, keyVariables, toKeyConfig } from './config-keys.ts'
import { findLimitConflicts, type LimitsConfig, limitVariables, readLimits } from './config-limits.ts'
import { findLinkProblems, findOpenUrls, type TlsPaths, tlsVariables, toTlsPaths } from './config-links.ts'
import { findNotifyProblems, type NotifyConfig, notifyVariables, toNotifyConfig } from './config-notify.ts'
import { findRedisProblems, type RedisPlace, redisVariables, toRedisPlace } from './config-redis.ts'
import { readSecretFiles } from './config-secrets.ts'
import { type OidcConfig, signInVariables, toOidcConfig } from './config-sign-in.ts'
import {
  findTelemetryProblems,
  type TelemetryConfig,
  telemetryVariables,
  toTelemetryConfig,
} from './config-telemetry.ts'
import { hostPort, listOf, port, webUrl } from './config-values.ts'

/** The one reader of the environment. Every problem is reported at once, before anything listens. */
const roleNames = ['http', 'nlu', 'worker'] as const
export type ProcessRole = (typeof roleNames)[number]

const environmentSchema = z.object({
  ROLES: listOf(z.enum(roleNames)).default([...roleNames]),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  PUBLIC_URL: webUrl.optional(),
  ...keyVariables,
  ...tlsVariables,
  ...redisVariables,
  ...signInVariables,
  ...erpVariables,
  NLU_LISTEN: hostPort.default('127.0.0.1:0'),
  /** Absent: this process's own server, when it has the nlu role. */
  NLU_ADDRESSES: listOf(hostPort).optional(),
  SYNC_CRON: z.string().default('0 2 * * *'),
  SYNC_TIME_ZONE: z.string().default('Asia/Seoul'),
  SYNC_PAUSE_MS: z.coerce.number().int().min(0).max(60_000).default(0),
  SYNC_MOST_GONE_PERCENT: z.coerce.number().min(0).max(100).default(50),
  CHANGES_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  CHANGES_SLOT: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be of a-z, 0-9 and _')
    .default('erp_chatbot'),
  CHANGES_SECRET: z.string().min(24).optional(),
  CATALOG_DIR: z.string().default('catalog'),
  CATALOG_MAPPING: z.string().default('demo-odata'),
  ACCESS_FILE: z.string().default('access/roles.yaml'),
  WEB_DIR: z.string().default('web/dist'),
  QUEUE_URL: z.url({ protocol: /^amqps?$/ }).optional(),
  QUEUE_CA_FILE: z.string().optional(),
  ...notifyVariables,
  /** The executable and its arguments, parted by blanks, that is the trainer `command`. */
  TRAINER_COMMAND: z.string().optional(),
  TRAINER_DEVICES: listOf(z.string().regex(/^[\w.:-]{1,64}$/)).optional(),
  COMPANY_NAME: z.string().max(80).optional(),
  COMPANY_NAME_EN: z.string().max(80).optional(),
  /** Where roles without an HTTP server show their metrics; absent: nowhere. */
  METRICS_LISTEN: hostPort.optional(),
  /** Folders whose disks are watched. */
  METRICS_FOLDERS: listOf(z.string()).default(['.']),
  ...limitVariables,
  ...telemetryVariables,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type Config = KeyConfig &
  ErpConfig &
  NotifyConfig & {
    roles: ProcessRole[]
    http: { host: string; port: number; publicUrl: string | undefined; webDir: string; tls: TlsPaths | undefined }
    redis: RedisPlace | undefined
    oidc: OidcConfig
    /** Undefined: as sign-in itself has it. */
    sessionIdleHours: number | undefined
    nlu: { listen: string; addresses: string[] | undefined; tls: TlsPaths | undefined }
    /** When every record is read anew, how long between two pages, and the share of records, 0…1, that may be gone. */
    sync: { cron: string; timeZone: string; pauseMs: number; mostGone: number }
    /** The ERP's database and the slot there, and the key of those who send us events: whichever the mapping's source needs. */
    changes: { url: string | undefined; slot: string; secret: string | undefined }
    catalog: { folder: string; mapping: string }
    accessFile: string
    /** RabbitMQ when `url` says where, else PostgreSQL. */
    queue: { url: string | undefined; caFile: string | undefined }
    training: { command: string[] | undefined; devices: string[] }
    company: { ko: string; en: string } | undefined
    metrics: { listen: string | undefined; folders: string[] }
    limits: LimitsConfig
    logs: TelemetryConfig['logs']
    traces: TelemetryConfig['traces']
    logLevel: string
  }

/** Every variable that `readConfig` reads, but for the `…_FILE` ones that hold a secret in a file. */
export const settingNames: readonly string[] = Object.keys(environmentSchema.shape)

/** A configuration that cannot be used; its message lists every variable and what is wrong with it. */
export class ConfigError extends Error {}

/** Contradictions and unsafe combinations that no single variable shows. */
function findConflicts(env: z.infer<typeof environmentSchema>): string[] {
  const problems: string[] = findLimitConflicts(env)
  if (env.ROLES.includes('http') && !env.ROLES.includes('nlu') && !env.NLU_ADDRESSES) {
    problems.push('NLU_ADDRESSES: needed when this process has the http role without the nlu role')
  }
  problems.push(...findLinkProblems(env), ...findKeyProblems(env), ...findTelemetryProblems(env))
  problems.push(...findErpProblems(env))
  problems.push(...findRedisProblems(env))
  problems.push(...findNotifyProblems(env))
  const { QUEUE_URL, OIDC_ISSUER, ERP_URLS, ERP_TOKEN_URL, FCM_ENDPOINT } = env
  problems.push(...findOpenUrls({ QUEUE_URL, OIDC_ISSUER, ERP_URLS, ERP_TOKEN_URL, FCM_ENDPOINT }))
  return problems
}

/** What parsed, or ConfigError with all that is wrong. */
function read<T extends z.ZodObject>(
  schema: T,
  environment: Record<string, string | undefined>,
  findProblems: (env: z.infer<T>) => string[],
): z.infer<T> {
  const secrets = readSecretFiles(environment)
  // An empty variable is an absent one: compose files and unit files write them so.
  const given = Object.fromEntries(Object.entries(secrets.environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  const found = parsed.success
    ? findProblems(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path[0]?.toString()}: ${issue.message}`)
  const problems = [...secrets.problems, ...found]
  if (!parsed.success || problems.length > 0) throw new ConfigError(`Configuration:\n  ${problems.join('\n  ')}`)
  return parsed.data
}

/** Reads what of the configuration concerns keys and what is sealed under them. Throws ConfigError. */
export function readKeyConfig(environment: Record<string, string | undefined>): KeyConfig & Pick<Config, 'redis'> {
  const env = read(z.object({ ...keyVariables, ...redisVariables }), environment, (given) => [
    ...findKeyProblems(given),
    ...findRedisProblems(given),
  ])
  return { ...toKeyConfig(env), redis: toRedisPlace(env) }
}

/** Reads the configuration. Throws ConfigError. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const env = read(environmentSchema, environment, findConflicts)
  return {
    ...toKeyConfig(env),
    ...toTelemetryConfig(env),
    roles: env.ROLES,
    http: {
      ...{ host: env.HOST, port: env.PORT, publicUrl: env.PUBLIC_URL, webDir: env.WEB_DIR },
      tls: toTlsPaths(env.TLS_CERT_FILE, env.TLS_KEY_FILE),
    },
    redis: toRedisPlace(env),
    oidc: toOidcConfig(env),
    sessionIdleHours: env.SESSION_IDLE_HOURS,
    ...toErpConfig(env),
    nlu: {
      ...{ listen: env.NLU_LISTEN, addresses: env.NLU_ADDRESSES },
      tls: toTlsPaths(env.NLU_TLS_CERT_FILE, env.NLU_TLS_KEY_FILE, env.NLU_TLS_CA_FILE),
    },
    sync: {
      cron: env.SYNC_CRON,
      timeZone: env.SYNC_TIME_ZONE,
      pauseMs: env.SYNC_PAUSE_MS,
      mostGone: env.SYNC_MOST_GONE_PERCENT / 100,
    },
    changes: { url: env.CHANGES_URL, slot: env.CHANGES_SLOT, secret: env.CHANGES_SECRET },
    catalog: { folder: env.CATALOG_DIR, mapping: env.CATALOG_MAPPING },
    accessFile: env.ACCESS_FILE,
    queue: { url: env.QUEUE_URL, caFile: env.QUEUE_CA_FILE },
    ...toNotifyConfig(env),
    training: {
      command: env.TRAINER_COMMAND?.split(' ').filter(Boolean),
      devices: env.TRAINER_DEVICES ?? [],
    },
    company: env.COMPANY_NAME ? { ko: env.COMPANY_NAME, en: env.COMPANY_NAME_EN ?? env.COMPANY_NAME } : undefined,
    metrics: { listen: env.METRICS_LISTEN, folders: env.METRICS_FOLDERS },
    limits: readLimits(env),
    logLevel: env.LOG_LEVEL,
  }
}
