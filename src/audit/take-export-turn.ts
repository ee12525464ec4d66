import type { Readable } from 'node:stream'
import { AppError } from '#platform/errors'
import { auditErrors } from './errors.ts'

/** Opens an export when none is under way. Throws AUDIT_EXPORT_RUNNING, and what opening it throws. */
export type TakeExportTurn = (open: () => Promise<Readable>) => Promise<Readable>

/**
 * One export at a time: each keeps a connection and a processor busy. A turn is over when its stream has been read or is closed, and
 * after `mostMs` in any case: a reader who takes in little by little must not keep the others out.
 */
export function createExportTurns({ mostMs = 10 * 60_000 } = {}): TakeExportTurn {
  let taken: symbol | undefined
  return async (open) => {
    if (taken) throw new AppError(auditErrors.exporting)
    const mine = Symbol()
    taken = mine
    const release = () => {
      if (taken === mine) taken = undefined
    }
    try {
      const stream = await open()
      const timer = setTimeout(() => stream.destroy(), mostMs)
      timer.unref()
      stream.once('end', release)
      stream.once('close', () => {
        clearTimeout(timer)
        release()
      })
      return stream
    } catch (error) {
      release()
      throw error
    }
  }
}
