import { z } from 'zod'
import { findDatabaseProblems, findOpenUrls } from './config-links.ts'

/** The variables that say where the database and the master keys are. */
export const keyVariables = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Needed unless there is a KMS; beside one it opens what was sealed before. */
  KEY_FILE: z.string().optional(),
  KMS_KEY_ID: z.string().optional(),
  KMS_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'must be the name of a region')
    .optional(),
  KMS_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  SIGNING_KEY_DAYS: z.coerce.number().int().min(1).max(366).default(90),
  SIGNING_KEY_BITS: z.enum(['2048', '3072', '4096']).default('2048').transform(Number),
}

/** Where the database and the master keys are, and how long a signing key signs. */
export type KeyConfig = {
  database: { url: string }
  /** At least one of the two. */
  keyFile: string | undefined
  kms: { keyId: string; region: string; endpoint: string | undefined } | undefined
  signingKeyDays: number
  /** Of RSA keys that are made from now on. */
  signingKeyBits: number
}

type KeyEnvironment = z.infer<z.ZodObject<typeof keyVariables>>

/** What is missing for the master keys, and which of their links would be open, one sentence each. */
export function findKeyProblems(env: KeyEnvironment): string[] {
  const problems = findDatabaseProblems('DATABASE_URL', env.DATABASE_URL)
  if (env.KMS_KEY_ID === undefined && env.KEY_FILE === undefined)
    problems.push('KEY_FILE, KMS_KEY_ID: one of them is needed to seal what is stored')
  if (env.KMS_KEY_ID !== undefined && env.KMS_REGION === undefined) problems.push('KMS_REGION: needed with KMS_KEY_ID')
  return [...problems, ...findOpenUrls({ KMS_ENDPOINT: env.KMS_ENDPOINT })]
}

export function toKeyConfig(env: KeyEnvironment): KeyConfig {
  const { KMS_KEY_ID: keyId, KMS_REGION: region, KMS_ENDPOINT: endpoint } = env
  return {
    database: { url: env.DATABASE_URL },
    keyFile: env.KEY_FILE,
    kms: keyId !== undefined && region !== undefined ? { keyId, region, endpoint } : undefined,
    signingKeyDays: env.SIGNING_KEY_DAYS,
    signingKeyBits: env.SIGNING_KEY_BITS,
  }
}
