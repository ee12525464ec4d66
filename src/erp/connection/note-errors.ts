import { AppError } from '#platform/errors'
import type { ErpConnector } from '../erp-connector.ts'
import { erpErrors } from '../errors.ts'
import type { RecordReader } from '../record-reader.ts'

/** What went wrong last by code, and until when the ERP has asked to be left alone. Instants are ISO. */
export type NotedErrors = { lastError?: { code: string; at: string }; limitedUntil?: string }

/** A connector that remembers what went wrong last, for whoever looks after the connection. */
export function noteErrors(
  connector: ErpConnector,
  now: () => Date,
): { connector: ErpConnector; noted: () => NotedErrors } {
  let lastError: NotedErrors['lastError']
  let limitedUntil: Date | undefined

  async function note<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      // What a question asks for too much of is no trouble of the connection.
      if (error instanceof AppError && error.spec.kind !== 'invalid') {
        lastError = { code: error.spec.code, at: now().toISOString() }
        if (error.spec.code === erpErrors.rateLimited.code)
          limitedUntil = new Date(now().getTime() + (error.retryAfterS ?? 60) * 1_000)
      }
      throw error
    }
  }

  const { records } = connector
  return {
    connector: {
      ...connector,
      fetch: (spec, signal) => note(connector.fetch(spec, signal)),
      ...(records && { records: noteReader(records, note) }),
    },
    noted: () => ({
      ...(lastError && { lastError }),
      ...(limitedUntil && limitedUntil > now() ? { limitedUntil: limitedUntil.toISOString() } : {}),
    }),
  }
}

type Note = <T>(work: Promise<T>) => Promise<T>

function noteReader({ readPage, readKeys, readWhere, readModified }: RecordReader, note: Note): RecordReader {
  return {
    readPage: (...asked) => note(readPage(...asked)),
    readKeys: (...asked) => note(readKeys(...asked)),
    readWhere: (...asked) => note(readWhere(...asked)),
    ...(readModified && { readModified: (...asked) => note(readModified(...asked)) }),
  }
}
