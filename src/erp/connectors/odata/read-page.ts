import { z } from 'zod'
import type { Entity } from '#catalog'
import { aggregateName, type FetchSpec, isCount, keyName } from '../../erp-connector.ts'
import { fieldType } from '../../fields.ts'
import type { Row } from '../../query-answer.ts'
import { RetryableReply } from '../http/retry-call.ts'
import { cellReader, parseExact, type ReadCell, readDecimal, readWhole } from '../read-cells.ts'
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

type PageCell = { name: string; property: string; read: ReadCell }

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

function recordCells(entity: Entity, mapped: MappedEntity, fields: string[]): PageCell[] {
  return fields.map((name) => ({ name, property: propertyOf(mapped, name), read: cellReader(fieldType(entity, name)) }))
}

function groupCells(
  entity: Entity,
  mapped: MappedEntity,
  { keys, aggregates }: Extract<FetchSpec, { kind: 'groups' }>,
): PageCell[] {
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
