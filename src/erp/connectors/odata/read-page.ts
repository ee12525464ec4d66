import { z } from 'zod'
import type { Entity } from '#catalog'
import { formatExact, readExact } from '../../decimal.ts'
import { aggregateName, type FetchSpec, isCount, keyName } from '../../erp-connector.ts'
import { type FieldType, fieldType, literalType } from '../../fields.ts'
import type { Cell, Row } from '../../query-answer.ts'
import { RetryableReply } from '../http/retry-call.ts'
import { aliasOf, type MappedEntity, propertyOf } from './write-request.ts'

export type Page = { rows: Row[]; nextLink?: string; count?: number }

const pageSchema = z.object({
  value: z.array(z.record(z.string(), z.unknown())),
  '@odata.nextLink': z.string().max(16_384).optional(),
  '@odata.count': z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
})

type ReadCell = { name: string; property: string; read: (raw: unknown) => Cell }

/** Makes the reader of a spec's replies. It throws RetryableReply for anything that is not exactly such a page. */
export function createPageReader(entity: Entity, mapped: MappedEntity, spec: FetchSpec): (text: string) => Page {
  const cells = spec.kind === 'records' ? recordCells(entity, mapped, spec.fields) : groupCells(entity, mapped, spec)
  return (text) => {
    const parsed = pageSchema.safeParse(parseExact(text))
    if (!parsed.success) throw new RetryableReply('not a page of an OData collection')
    const { value, '@odata.nextLink': nextLink, '@odata.count': count } = parsed.data
    return {
      rows: value.map((raw) =>
        Object.fromEntries(cells.map(({ name, property, read }) => [name, read(raw[property])])),
      ),
      ...(nextLink === undefined ? {} : { nextLink }),
      ...(count === undefined ? {} : { count: Number(count) }),
    }
  }
}

/** Parses JSON with every number as its source text: 0.1 and 9007199254740993 stay what the ERP wrote. */
export function parseExact(text: string): unknown {
  const keepSource = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? context?.source : value
  try {
    return JSON.parse(text, keepSource)
  } catch (error) {
    throw new RetryableReply('not JSON', { cause: error })
  }
}

function recordCells(entity: Entity, mapped: MappedEntity, fields: string[]): ReadCell[] {
  return fields.map((name) => ({ name, property: propertyOf(mapped, name), read: cellReader(fieldType(entity, name)) }))
}

function groupCells(
  entity: Entity,
  mapped: MappedEntity,
  { keys, aggregates }: Extract<FetchSpec, { kind: 'groups' }>,
): ReadCell[] {
  return [
    ...keys.map((key) => ({
      name: keyName(key),
      property: key.part ? aliasOf(keyName(key)) : propertyOf(mapped, key.field),
      read: key.part ? readWhole : cellReader(fieldType(entity, key.field)),
    })),
    ...aggregates.map((aggregate) => ({
      name: aggregateName(aggregate),
      property: aliasOf(aggregateName(aggregate)),
      read: isCount(aggregate) ? readWhole : readDecimal,
    })),
  ]
}

/** What a field of the type may hold. A property that is missing is no empty value: the reply is not what was asked for. */
function cellReader(type: FieldType): (raw: unknown) => Cell {
  if (type === 'number' || type === 'year') return readWhole
  if (literalType(type) === 'number') return readDecimal
  return type === 'date' ? readDate : readText
}

function readDecimal(raw: unknown): Cell {
  if (raw === null) return null
  const value = typeof raw === 'string' ? readExact(raw) : undefined
  if (!value) throw new RetryableReply('a number was expected')
  return formatExact(value)
}

/** A number where it is whole and safe, else its exact text. */
function readWhole(raw: unknown): Cell {
  const text = readDecimal(raw)
  const number = Number(text)
  return text !== null && Number.isSafeInteger(number) ? number : text
}

function readDate(raw: unknown): Cell {
  if (raw === null) return null
  const date = typeof raw === 'string' ? /^(\d{4}-\d{2}-\d{2})(T|$)/.exec(raw)?.[1] : undefined
  if (!date) throw new RetryableReply('a date was expected')
  return date
}

function readText(raw: unknown): Cell {
  if (raw === null || typeof raw === 'string' || typeof raw === 'boolean') return raw
  throw new RetryableReply('a text was expected')
}
