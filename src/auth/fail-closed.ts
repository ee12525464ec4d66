import { AppError } from '#platform/errors'
import { authErrors } from './errors.ts'

/** Runs `work`; whatever goes wrong in a store, a key or a cipher is a refusal (AUTH_UNAVAILABLE), never a pass. */
export async function failClosed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof AppError ? error : new AppError(authErrors.unavailable, { cause: error, retryAfterS: 5 })
  }
}
