import { z } from 'zod'
import { findOpenUrls } from './config-links.ts'

/** The variables that say where Redis is. */
export const redisVariables = {
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  REDIS_CA_FILE: z.string().optional(),
  REDIS_CLUSTER: z.enum(['true', 'false']).default('false'),
}

/** Where sessions are kept and limits counted; in the database and in each process without. */
export type RedisPlace = { url: string; caFile: string | undefined; isCluster: boolean }

type RedisEnvironment = z.infer<z.ZodObject<typeof redisVariables>>

/** Passwords and sessions do not cross a network in the clear. */
export function findRedisProblems({ REDIS_URL }: RedisEnvironment): string[] {
  return findOpenUrls({ REDIS_URL })
}

export function toRedisPlace(env: RedisEnvironment): RedisPlace | undefined {
  if (env.REDIS_URL === undefined) return undefined
  return { url: env.REDIS_URL, caFile: env.REDIS_CA_FILE, isCluster: env.REDIS_CLUSTER === 'true' }
}
