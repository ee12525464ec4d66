import { z } from 'zod'
import { listOf, webUrl } from './config-values.ts'

/** How the ERP is reached. */
export const erpVariables = {
  ERP_URLS: listOf(webUrl),
  /** Which of these are needed is for the connector to say that the mapping names. */
  ERP_CLIENT_ID: z.string().optional(),
  ERP_CLIENT_SECRET: z.string().optional(),
  ERP_REFRESH_TOKEN: z.string().optional(),
  ERP_TOKEN_PATH: z.string().regex(/^\//, 'must begin with /').optional(),
  ERP_TOKEN_URL: webUrl.optional(),
  ERP_TOKEN_SCOPE: z.string().optional(),
  ERP_USER: z.string().optional(),
  ERP_PASSWORD: z.string().optional(),
  ERP_API_KEY: z.string().optional(),
  ERP_API_SECRET: z.string().optional(),
  ERP_TOKEN_HEADER: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/i, 'must be the name of a header')
    .optional(),
  ERP_SERVICE_PATH: z
    .string()
    .regex(/^\/([^?#]*\/)?$/, 'must begin and end with /')
    .optional(),
  ERP_COMPANY: z.string().optional(),
  ERP_SAP_CLIENT: z
    .string()
    .regex(/^\d{3}$/, 'must be three digits')
    .optional(),
  ERP_DATABASE: z.string().optional(),
  ERP_LANGUAGE: z.string().optional(),
  ERP_CA_FILE: z.string().optional(),
  ERP_CLIENT_CERT_FILE: z.string().optional(),
  ERP_CLIENT_KEY_FILE: z.string().optional(),
  ERP_CONCURRENCY: z.coerce.number().int().min(1).max(256).optional(),
}

/** How the ERP is reached, as far as it is configured. */
type ErpAccess = {
  urls: string[]
  clientId: string | undefined
  clientSecret: string | undefined
  refreshToken: string | undefined
  tokenPath: string | undefined
  tokenUrl: string | undefined
  tokenScope: string | undefined
  user: string | undefined
  password: string | undefined
  apiKey: string | undefined
  apiSecret: string | undefined
  tokenHeader: string | undefined
  servicePath: string | undefined
  company: string | undefined
  sapClient: string | undefined
  database: string | undefined
  language: string | undefined
}

/** PEM files for connections to the ERP, and how many calls may be under way at one of its servers. */
type ErpConnection = {
  caFile: string | undefined
  clientCertFile: string | undefined
  clientKeyFile: string | undefined
  concurrency: number | undefined
}

export type ErpConfig = { erp: ErpAccess; erpConnection: ErpConnection }

const schema = z.object(erpVariables)
type Environment = z.infer<typeof schema>

/** What no single variable shows. */
export function findErpProblems(env: Environment): string[] {
  return (env.ERP_CLIENT_CERT_FILE === undefined) === (env.ERP_CLIENT_KEY_FILE === undefined)
    ? []
    : ['ERP_CLIENT_CERT_FILE, ERP_CLIENT_KEY_FILE: each needs the other']
}

export function toErpConfig(env: Environment): ErpConfig {
  return {
    erp: {
      urls: env.ERP_URLS,
      clientId: env.ERP_CLIENT_ID,
      clientSecret: env.ERP_CLIENT_SECRET,
      refreshToken: env.ERP_REFRESH_TOKEN,
      tokenPath: env.ERP_TOKEN_PATH,
      tokenUrl: env.ERP_TOKEN_URL,
      tokenScope: env.ERP_TOKEN_SCOPE,
      user: env.ERP_USER,
      password: env.ERP_PASSWORD,
      apiKey: env.ERP_API_KEY,
      apiSecret: env.ERP_API_SECRET,
      tokenHeader: env.ERP_TOKEN_HEADER,
      servicePath: env.ERP_SERVICE_PATH,
      company: env.ERP_COMPANY,
      sapClient: env.ERP_SAP_CLIENT,
      database: env.ERP_DATABASE,
      language: env.ERP_LANGUAGE,
    },
    erpConnection: {
      caFile: env.ERP_CA_FILE,
      clientCertFile: env.ERP_CLIENT_CERT_FILE,
      clientKeyFile: env.ERP_CLIENT_KEY_FILE,
      concurrency: env.ERP_CONCURRENCY,
    },
  }
}

/** The variable that sets a setting of the ERP: `apiKey` → `ERP_API_KEY`. */
export function erpVariable(setting: string): string {
  return `ERP_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
