import { z } from 'zod'
import type { Entity } from '#catalog'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { RetryableReply } from '../http/retry-call.ts'
import type { Server } from '../http/server-group.ts'
import { descriptionRequest, type FieldInfo, type ModelDescriptions, readDescription } from './describe-model.ts'
import type { OdooClient, ReadMethod } from './odoo-client.ts'
import { findField, type OdooEntity, type OdooField } from './odoo-field.ts'

export type RawRow = Record<string, unknown>

/** One fetch at one server: what it asks is counted, and in time or not at all. */
export type OdooSession = {
  entity: Entity
  mapped: OdooEntity
  timeZone: string
  pageSize: number
  /** Rows of a method that lists them. */
  list(model: string, method: ReadMethod, args: object): Promise<RawRow[]>
  /** A whole number of a method that counts. */
  count(model: string, args: object): Promise<number>
  /** Looks catalog fields up, each once. Throws as `findField`. */
  findFields(names: Iterable<string>): Promise<Map<string, OdooField>>
  /** Looks up a path of the ERP's own fields. Throws as `findField`. */
  findPath(path: string): Promise<OdooField>
  /** Whether the model has a field of that name. */
  hasField(model: string, field: string): Promise<boolean>
  /** What came of it, once something was asked. */
  summary(): { asOf: string; calls: number }
}

/** Milliseconds: for one call with its retries, and after which no further call begins. */
export type SessionLimits = { budgetMs: number; pagingMs: number; pageSize: number }

type Deps = {
  client: OdooClient
  server: Server
  entity: Entity
  mapped: OdooEntity
  timeZone: string
  descriptions: ModelDescriptions
  limits: SessionLimits
}

const rowsSchema = z.array(z.record(z.string(), z.unknown()))
const countSchema = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)

/** Opens a session; it needs no closing. */
export function openSession(deps: Deps, signal: AbortSignal): OdooSession {
  const { client, server, entity, mapped, timeZone, descriptions, limits } = deps
  const lastStart = performance.now() + limits.pagingMs
  let calls = 0
  let asOf = ''

  async function ask<T>(model: string, method: ReadMethod, args: object, read: (value: unknown) => T): Promise<T> {
    signal.throwIfAborted()
    if (performance.now() > lastStart) throw new AppError(erpErrors.tooBig)
    const endsAt = performance.now() + limits.budgetMs
    const reply = await client.call({ server, model, method, args, read, endsAt }, signal)
    if (method !== 'fields_get') {
      calls += 1
      asOf ||= reply.asOf
    }
    return reply.value
  }

  const describe = (model: string): Promise<ReadonlyMap<string, FieldInfo>> =>
    descriptions.get(model, () => ask(model, 'fields_get', descriptionRequest, readDescription))

  return {
    entity,
    mapped,
    timeZone,
    pageSize: limits.pageSize,
    list: (model, method, args) => ask(model, method, args, (value) => readAs(rowsSchema, value)),
    count: (model, args) => ask(model, 'search_count', args, (value) => readAs(countSchema, value)),
    findFields: async (names) => {
      const found = new Map<string, OdooField>()
      for (const name of new Set(names)) found.set(name, await findField(name, { mapped, describe }))
      return found
    },
    findPath: (path) => findField('path', { mapped: { ...mapped, fields: { path } }, describe }),
    hasField: async (model, field) => (await describe(model)).has(field),
    summary: () => ({ asOf, calls }),
  }
}

function readAs<T>(schema: z.ZodType<T, unknown>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new RetryableReply('not what the method returns')
  return parsed.data
}
