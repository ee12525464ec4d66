import { z } from 'zod'
import { findOpenUrls } from './config-links.ts'
import { listOf, webUrl } from './config-values.ts'

/** The variables that say where logs and traces go. The names of OTEL_… are OpenTelemetry's own. */
export const telemetryVariables = {
  LOG_STDOUT: z.enum(['logs', 'all', 'off']).default('logs'),
  LOG_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9_.]{1,100}$/, 'must be of a-z, 0-9, _ and .')
    .default('default'),
  LOG_QUEUE_MB: z.coerce.number().int().min(1).max(1024).default(16),
  LOG_DIR: z.string().optional(),
  LOG_FILE_MB: z.coerce.number().int().min(1).max(1024).default(50),
  LOG_STREAM_MB: z.coerce.number().int().min(1).max(1_048_576).default(2048),
  ELASTICSEARCH_URLS: listOf(webUrl).optional(),
  ELASTICSEARCH_API_KEY: z.string().optional(),
  ELASTICSEARCH_USER: z.string().optional(),
  ELASTICSEARCH_PASSWORD: z.string().optional(),
  ELASTICSEARCH_CA_FILE: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .regex(/^([\w-]+=[^,=]*(=*))(,[\w-]+=[^,=]*(=*))*$/, 'must be name=value, comma-separated')
    .optional(),
  OTEL_EXPORTER_OTLP_CERTIFICATE: z.string().optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
}

export type TelemetryConfig = {
  logs: {
    stdout: 'logs' | 'all' | 'off'
    namespace: string
    queueBytes: number
    files: { folder: string; fileBytes: number; streamBytes: number } | undefined
    elasticsearch:
      | {
          urls: string[]
          apiKey: string | undefined
          user: string | undefined
          password: string | undefined
          caFile: string | undefined
        }
      | undefined
  }
  traces: { endpoint: string; headers: Record<string, string>; caFile: string | undefined; ratio: number } | undefined
}

type TelemetryEnvironment = z.infer<z.ZodObject<typeof telemetryVariables>>

/** Links off loopback that would be open to others, and settings that contradict each other; one sentence each. */
export function findTelemetryProblems(env: TelemetryEnvironment): string[] {
  const { ELASTICSEARCH_URLS, OTEL_EXPORTER_OTLP_ENDPOINT } = env
  const reached = { ELASTICSEARCH_URLS, OTEL_EXPORTER_OTLP_ENDPOINT }
  const problems = findOpenUrls(reached)
  for (const [name, urls] of Object.entries(reached)) {
    for (const url of [urls ?? []].flat().map((text) => new URL(text))) {
      if (url.username !== '' || url.password !== '')
        problems.push(`${name}: credentials belong in variables of their own`)
    }
  }
  if ((env.ELASTICSEARCH_USER === undefined) !== (env.ELASTICSEARCH_PASSWORD === undefined))
    problems.push('ELASTICSEARCH_USER, ELASTICSEARCH_PASSWORD: each needs the other')
  if (env.ELASTICSEARCH_API_KEY !== undefined && env.ELASTICSEARCH_USER !== undefined)
    problems.push('ELASTICSEARCH_API_KEY, ELASTICSEARCH_USER: only one of them may be set')
  if (env.LOG_STDOUT === 'off' && env.LOG_DIR === undefined && env.ELASTICSEARCH_URLS === undefined)
    problems.push('LOG_STDOUT: off only with LOG_DIR or ELASTICSEARCH_URLS, else nothing is logged')
  return problems
}

export function toTelemetryConfig(env: TelemetryEnvironment): TelemetryConfig {
  const megabyte = 1024 * 1024
  return {
    logs: {
      stdout: env.LOG_STDOUT,
      namespace: env.LOG_NAMESPACE,
      queueBytes: env.LOG_QUEUE_MB * megabyte,
      files:
        env.LOG_DIR === undefined
          ? undefined
          : { folder: env.LOG_DIR, fileBytes: env.LOG_FILE_MB * megabyte, streamBytes: env.LOG_STREAM_MB * megabyte },
      elasticsearch: env.ELASTICSEARCH_URLS && {
        urls: env.ELASTICSEARCH_URLS,
        apiKey: env.ELASTICSEARCH_API_KEY,
        user: env.ELASTICSEARCH_USER,
        password: env.ELASTICSEARCH_PASSWORD,
        caFile: env.ELASTICSEARCH_CA_FILE,
      },
    },
    traces:
      env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : {
            endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
            headers: readHeaders(env.OTEL_EXPORTER_OTLP_HEADERS),
            caFile: env.OTEL_EXPORTER_OTLP_CERTIFICATE,
            ratio: env.OTEL_TRACES_SAMPLER_ARG,
          },
  }
}

/** `name=value,name=value`, values percent-encoded, as OpenTelemetry writes them. */
function readHeaders(text = ''): Record<string, string> {
  const pairs = text.split(',').filter(Boolean)
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at).trim(), decode(pair.slice(at + 1).trim())]
    }),
  )
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
