import type { Catalog } from '#catalog'
import { AppError } from '#platform/errors'
import { seoulDate } from '#platform/seoul-date'
import { erpErrors } from '../errors.ts'
import type { Cell, Row } from '../query-answer.ts'
import { type ErpRecord, type RecordReader, recordFields } from '../record-reader.ts'
import { daysSince, type ValueMapping } from './rewrite-filter.ts'

/** A reader of records in the ERP's own values, as one in the catalog's: codes for words, days since dates as of today. */
export function mapRecords(reader: RecordReader, catalog: Catalog, now: () => Date): RecordReader {
  const mapAll = (entity: string, records: ErpRecord[]): ErpRecord[] => {
    const mapped = catalog.mapping.entities[entity]
    const isPlain = !mapped || Object.keys({ ...mapped.values, ...mapped.daysPast }).length === 0
    if (isPlain) return records
    const fields = recordFields(catalog, entity)
    const mapping = { values: mapped.values, daysPast: mapped.daysPast, today: seoulDate(now()) }
    return records.map(({ key, row }) => ({
      key,
      row: Object.fromEntries(fields.map((field) => [field, mapCell(field, row, mapping)])),
    }))
  }
  const { readPage, readKeys, readWhere, readModified } = reader
  return {
    readPage: async (entity, after, signal) => {
      const page = await readPage(entity, after, signal)
      return { ...page, records: mapAll(entity, page.records) }
    },
    readKeys: async (entity, keys, signal) => mapAll(entity, await readKeys(entity, keys, signal)),
    readWhere: async (...asked) => {
      const page = await readWhere(...asked)
      return { ...page, records: mapAll(asked[0], page.records) }
    },
    ...(readModified && {
      readModified: async (entity, since, after, signal) => {
        const page = await readModified(entity, since, after, signal)
        return { ...page, records: mapAll(entity, page.records) }
      },
    }),
  }
}

/** A cell of a row of the ERP's own values: its word's code, or the days since a date. Throws ERP_BAD_REPLY for what is no date. */
export function mapCell(name: string, row: Row, { daysPast, values, today }: ValueMapping): Cell {
  const date = daysPast[name]
  const cell = row[date ?? name] ?? null
  if (date === undefined) return typeof cell === 'string' ? (values[name]?.[cell] ?? cell) : cell
  if (cell === null) return null
  if (typeof cell === 'string') return daysSince(cell, today)
  throw new AppError(erpErrors.badReply, { cause: new Error('a date was expected') })
}
