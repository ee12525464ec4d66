import { createHash } from 'node:crypto'
import type { KMSClient } from '@aws-sdk/client-kms'
import { encryptionErrors } from '../encryption-errors.ts'
import { AppError } from '../errors.ts'
import type { EncryptionContext, KeyService } from './key-service.ts'

type Options = {
  /** Id, ARN or alias of a symmetric key. */
  keyId: string
  region: string
  /** Of a private endpoint; the region's own unless told. */
  endpoint?: string | undefined
  /** For one call with all its attempts. */
  deadlineMs?: number
  attempts?: number
}

/** Errors by which KMS says that what we sent was not wrapped by it like this. */
const undecipherable = new Set(['InvalidCiphertextException', 'IncorrectKeyException'])
/** Errors that pass, besides those that the client finds worth a retry. */
const passing = new Set(['TimeoutError', 'AbortError', 'DependencyTimeoutException', 'KMSInternalException'])

/**
 * A key service over AWS KMS: the master key never leaves it. Credentials are found as every AWS client finds them. Throws
 * UNDECIPHERABLE, KEY_SERVICE_UNAVAILABLE (also for what is throttled or hangs) and KEY_SERVICE_REFUSED (disabled, no rights).
 * A wrapped key is the first 4 bytes of the SHA-256 of the master key's ARN ‖ KMS's ciphertext blob.
 */
export function createKmsKeyService(options: Options): KeyService {
  const { keyId, deadlineMs = 5_000 } = options
  let loading: ReturnType<typeof openClient> | undefined

  /** The client is loaded when it is first needed: it is large, and few have KMS. */
  async function call<T>(work: (kms: Awaited<ReturnType<typeof openClient>>, signal: AbortSignal) => Promise<T>) {
    loading ??= openClient(options)
    const kms = await loading
    try {
      return await work(kms, AbortSignal.timeout(deadlineMs))
    } catch (error) {
      throw translate(error)
    }
  }

  return {
    generateDataKey: (context) =>
      call(async ({ client, GenerateDataKeyCommand }, abortSignal) => {
        const asked = { KeyId: keyId, KeySpec: 'AES_256' as const, EncryptionContext: context }
        const { Plaintext, CiphertextBlob, KeyId } = await client.send(new GenerateDataKeyCommand(asked), {
          abortSignal,
        })
        if (!Plaintext || !CiphertextBlob || !KeyId) throw new AppError(encryptionErrors.keyServiceUnavailable)
        return { plain: takeOver(Plaintext), wrapped: Buffer.concat([idOf(KeyId), CiphertextBlob]) }
      }),
    unwrapDataKey: (wrapped: Buffer, context: EncryptionContext) =>
      call(async ({ client, DecryptCommand }, abortSignal) => {
        // KMS knows the key by the blob: a master key that has been replaced still opens what it wrapped.
        const asked = { CiphertextBlob: wrapped.subarray(4), EncryptionContext: context }
        const { Plaintext, KeyId } = await client.send(new DecryptCommand(asked), { abortSignal })
        if (!Plaintext || !KeyId) throw new AppError(encryptionErrors.keyServiceUnavailable)
        if (!idOf(KeyId).equals(wrapped.subarray(0, 4))) throw new AppError(encryptionErrors.undecipherable)
        return takeOver(Plaintext)
      }),
    currentKeyId: () =>
      call(async ({ client, DescribeKeyCommand }, abortSignal) => {
        const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }), { abortSignal })
        if (!KeyMetadata?.Arn) throw new AppError(encryptionErrors.keyServiceUnavailable)
        return idOf(KeyMetadata.Arn).toString('hex')
      }),
  }
}

async function openClient({ region, endpoint, deadlineMs = 5_000, attempts = 3 }: Options) {
  const { KMSClient, ...commands } = await import('@aws-sdk/client-kms')
  const client: KMSClient = new KMSClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: 1_500,
      requestTimeout: deadlineMs,
      httpsAgent: { minVersion: 'TLSv1.3', keepAlive: true, maxSockets: 16 },
    },
  })
  return { client, ...commands }
}

/** A copy in memory of ours, so that wiping it leaves nothing behind; the client's own is wiped at once. */
function takeOver(plain: Uint8Array): Buffer {
  const own = Buffer.from(plain)
  plain.fill(0)
  return own
}

const idOf = (arn: string): Buffer => createHash('sha256').update(arn).digest().subarray(0, 4)

function translate(error: unknown): AppError {
  if (error instanceof AppError) return error
  const { name, $metadata, $retryable } = error as {
    name: string
    $metadata?: { httpStatusCode?: number }
    $retryable?: unknown
  }
  if (undecipherable.has(name)) return new AppError(encryptionErrors.undecipherable, { cause: error })
  const status = $metadata?.httpStatusCode
  const isRefused =
    status !== undefined && status < 500 && $retryable === undefined && !passing.has(name) && !/Throttl/.test(name)
  return isRefused
    ? new AppError(encryptionErrors.keyServiceRefused, { params: { reason: name }, cause: error })
    : new AppError(encryptionErrors.keyServiceUnavailable, { cause: error })
}
