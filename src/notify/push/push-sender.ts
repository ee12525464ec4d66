import type { DeviceContent } from './push-content.ts'

/** One message to one device. */
export type OutgoingPush = { device: string; token: string; content: DeviceContent }

/** `providerId`: what the provider calls the message. */
export type SentPush = { providerId: string }

/**
 * `transient`: it may go well later. `permanent`: it will not. `unregistered`: the device's token is no good any more. `operator`: nothing
 * goes until somebody changes the configuration: credentials refused, a project without the right, a certificate that does not fit.
 */
export type PushFailureKind = 'transient' | 'permanent' | 'unregistered' | 'operator'

/** A message that was not taken. `code` is stable and says nothing about anybody. */
export class PushFailure extends Error {
  readonly kind: PushFailureKind
  readonly code: string

  constructor(kind: PushFailureKind, code: string, cause?: unknown) {
    super(code, { cause })
    this.name = 'PushFailure'
    this.kind = kind
    this.code = code
  }
}

/** Hands messages to whoever carries them to devices. */
export type PushSender = AsyncDisposable & {
  /** Resolves when it was taken. Throws PushFailure; retries what may go well within its own budget of time. */
  send(push: OutgoingPush): Promise<SentPush>
  /** How many it makes sense to have under way at a time. */
  concurrency: number
  close(): Promise<void>
}
