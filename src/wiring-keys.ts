import { once } from 'node:events'
import { type AuditLog, createAuditLog, sealedAuditColumns } from '#audit'
import {
  createKeyRotation,
  createPostgresSigningKeyStore,
  createRedisSealedSessions,
  type KeyRotation,
  rotationTimes,
  sealedAuthColumns,
} from '#auth'
import { sealedChatColumns } from '#chat'
import { sealedNotifyColumns } from '#notify'
import { type Database, openDatabase } from '#platform/database'
import {
  createFieldCipher,
  createFileKeyService,
  createKmsKeyService,
  type FieldCipher,
  type KeyService,
  type SealedColumn,
  succeedKeyService,
} from '#platform/encryption'
import type { Logger } from '#platform/log'
import { openRedis, type RedisClient } from '#platform/redis'
import type { SealedStore } from '#platform/rewrap'
import { sealedSubscriptionColumns } from '#subscriptions'
import { sealedTrainingColumns } from '#training'
import type { KeyConfig } from './config-keys.ts'
import type { RedisPlace } from './config-redis.ts'
import { readPem } from './read-pem.ts'

/** What the commands for keys work with. */
export type KeyTools = AsyncDisposable & {
  database: Database
  keys: KeyService
  cipher: FieldCipher
  signingKeys: KeyRotation
  audit: AuditLog
  /** Where sealed values lie besides the database. Rejects with a sentence when it cannot be reached. */
  openStores(): Promise<SealedStore[]>
}

/** Every column of the database that holds sealed values; whoever adds one adds it here through its capability. */
export const sealedColumns: SealedColumn[] = [
  ...sealedAuditColumns,
  ...sealedAuthColumns,
  ...sealedChatColumns,
  ...sealedNotifyColumns,
  ...sealedTrainingColumns,
  ...sealedSubscriptionColumns,
]

/** A command may count a large table. */
const statementTimeoutMs = 10 * 60_000
const reachRedisMs = 5_000

/** The key service that is configured: KMS, with what a key file sealed before, or the key file. */
export function openKeyService({ keyFile, kms }: Pick<KeyConfig, 'keyFile' | 'kms'>): KeyService {
  if (kms && keyFile)
    return succeedKeyService(createKmsKeyService(kms), createFileKeyService(keyFile, { isMade: false }))
  if (kms) return createKmsKeyService(kms)
  if (keyFile) return createFileKeyService(keyFile)
  throw new Error('No key service is configured')
}

/** Opens the database and the keys; the schema is taken as it is. */
export function openKeyTools(config: KeyConfig & { redis: RedisPlace | undefined }, log: Logger): KeyTools {
  const database = openDatabase({ url: config.database.url, log, poolSize: 4, statementTimeoutMs })
  const keys = openKeyService(config)
  const cipher = createFieldCipher(keys)
  const store = createPostgresSigningKeyStore(database)
  const audit = createAuditLog(database, log, cipher)
  const times = rotationTimes(config.signingKeyDays)
  const signingKeys = createKeyRotation({ store, cipher, audit, log, times, bits: config.signingKeyBits })
  let redis: RedisClient | undefined
  return {
    ...{ database, keys, cipher, signingKeys, audit },
    async openStores() {
      if (!config.redis) return []
      redis ??= await reachRedis(config.redis, log)
      return [createRedisSealedSessions(redis)]
    },
    async [Symbol.asyncDispose]() {
      redis?.disconnect()
      await database.close()
    },
  }
}

async function reachRedis(place: RedisPlace, log: Logger): Promise<RedisClient> {
  const redis = openRedis({ ...place, ca: readPem('REDIS_CA_FILE', place.caFile) }, log)
  try {
    if (redis.status !== 'ready') await once(redis, 'ready', { signal: AbortSignal.timeout(reachRedisMs) })
    return redis
  } catch (cause) {
    redis.disconnect()
    throw new Error('Redis cannot be reached, where sessions are sealed, too.', { cause })
  }
}
