/** What a key or a value belongs to; opening it needs the very same. */
export type EncryptionContext = Record<string, string>

/** Keeps master keys and hands out data keys; a data key is stored only wrapped. */
export type KeyService = {
  /** A new data key of 32 bytes. What is wrapped begins with the id of its master key (4 bytes). */
  generateDataKey(context: EncryptionContext): Promise<{ plain: Buffer; wrapped: Buffer }>
  /** Throws UNDECIPHERABLE for what was altered, wrapped for something else or by an unknown master key. */
  unwrapDataKey(wrapped: Buffer, context: EncryptionContext): Promise<Buffer>
  /** The id of the master key that new data keys are wrapped with: eight hex digits. */
  currentKeyId(): Promise<string>
}

/** A key service that knows which master keys are its own. */
export type OwnKeyService = KeyService & { holds(masterKeyId: string): Promise<boolean> }

/** The id of the master key that wrapped a data key: eight hex digits. */
export function masterKeyIdOf(wrapped: Buffer): string {
  return wrapped.toString('hex', 0, 4)
}

/** Wraps with `current`, and still opens what `older` wrapped: for moving from one key service to another. */
export function succeedKeyService(current: KeyService, older: OwnKeyService): KeyService {
  return {
    generateDataKey: (context) => current.generateDataKey(context),
    currentKeyId: () => current.currentKeyId(),
    unwrapDataKey: async (wrapped, context) => {
      const isOlder = await older.holds(masterKeyIdOf(wrapped))
      return await (isOlder ? older : current).unwrapDataKey(wrapped, context)
    },
  }
}
