import { z } from 'zod'
import { AppError } from '#platform/errors'
import { AggregateUnsupported } from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import type { HttpReply } from '../http/call-server.ts'
import { RetryableReply } from '../http/retry-call.ts'
import { misfit } from './odoo-field.ts'

/** What was asked when a reply came: enough to say what went wrong without quoting the reply. */
export type Asked = { model: string; method: string }

/** Records went or moved between two calls, which are two transactions; the whole reading is to be done again. */
export class ChangedWhileReading extends Error {
  override readonly name = 'ChangedWhileReading'
}

/** There is no such model: an app that is not installed. */
export class ModelMissing extends Error {
  override readonly name = 'ModelMissing'
}

/**
 * An error's `message`, `arguments` and `context` may quote values and its `debug` is a traceback, so only the name of its
 * class is read, and that only where it looks like one.
 */
const errorSchema = z.object({ name: z.string().regex(/^[\w.]{1,120}$/) })

/** Failures of a moment, which Odoo itself would repeat: of the database, and of its pool. */
const passing = /^(psycopg2?\.|odoo\.sql_db\.PoolError$|builtins\.MemoryError$)/

/**
 * Throws what a refusal means, by its status and the class of its error; returns for anything that its status says enough
 * about. Throws ERP_REFUSED, ERP_BAD_REPLY, AggregateUnsupported, ModelMissing or ChangedWhileReading.
 */
export function judgeReply(reply: HttpReply, asked: Asked): void {
  const { status } = reply
  if (status < 300 || status === 429 || status > 500) return
  const name = readErrorName(reply)
  const what = `status ${status}${name ? `, ${name}` : ''} at ${asked.model}/${asked.method}`
  if (status === 401) {
    const reason = 'the API key was refused: it is wrong, or has expired, as every key of Odoo does within three months'
    throw new AppError(erpErrors.refused, { cause: new Error(`${what}; ${reason}`) })
  }
  if (status === 403) throw new AppError(erpErrors.refused, { cause: new Error(what) })
  if (name === 'odoo.exceptions.MissingError') throw new ChangedWhileReading(what)
  if (status === 500 && (name === undefined || passing.test(name))) return
  if (status === 404 && name && asked.method === 'fields_get') throw new ModelMissing(what)
  if (asked.method === 'formatted_read_group') throw new AggregateUnsupported(status === 404)
  if (name === undefined) {
    throw new AppError(erpErrors.badReply, {
      cause: new Error(`${what}: no JSON-2 here, or the database is not named`),
    })
  }
  throw misfit(what)
}

/** The text of a reply that says it worked. A login page of a proxy comes with status 200, too. */
export function readOk({ status, headers, text }: HttpReply): string {
  if (status !== 200) throw new AppError(erpErrors.badReply, { cause: new Error(`status ${status}`) })
  if (!/\bjson\b/i.test(headers['content-type'] ?? '')) throw new RetryableReply('not JSON')
  return text
}

function readErrorName({ headers, text }: HttpReply): string | undefined {
  if (!/\bjson\b/i.test(headers['content-type'] ?? '')) return undefined
  try {
    return errorSchema.safeParse(JSON.parse(text)).data?.name
  } catch {
    return undefined
  }
}
