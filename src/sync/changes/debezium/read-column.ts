import { AppError } from '#platform/errors'
import type { ChangeRow } from '../change-source.ts'
import { changesErrors } from '../errors.ts'

/** Kafka Connect's description of a field; of a struct, its `fields`. */
export type ConnectSchema = {
  field?: string
  type?: string
  name?: string
  fields?: ConnectSchema[]
  parameters?: Record<string, string>
}

/** What Debezium sends for a value that PostgreSQL didn't send because it was not changed. */
const unchanged = '__debezium_unavailable_value'
const dayMs = 86_400_000n

type Place = { table: string; column: string }

/**
 * A column's value as an exact text, number or boolean; undefined: not sent. `schema` is there when the converter sends schemas. Throws
 * CHANGES_VALUE for a number that JSON could not carry exactly.
 */
export function readColumn(value: unknown, schema: ConnectSchema | undefined, place: Place): ChangeRow[string] {
  if (value === null || value === undefined) return null
  if (value === unchanged) return undefined
  if (typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value)) throw unreadable(place)
  const known = schema?.name === undefined ? undefined : readLogical(value, schema)
  if (known !== undefined) return known
  if (isScaled(value)) return readUnscaled(value.value, value.scale)
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}

/** Values of Kafka Connect's and Debezium's own types. Undefined: none of them, or as it is. */
function readLogical(value: unknown, { name, parameters }: ConnectSchema): string | undefined {
  if (name === 'org.apache.kafka.connect.data.Decimal' && typeof value === 'string')
    return readUnscaled(value, Number(parameters?.scale ?? 0))
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined
  switch (name) {
    case 'io.debezium.time.Date':
    case 'org.apache.kafka.connect.data.Date':
      return isoDay(BigInt(value) * dayMs)
    case 'io.debezium.time.Timestamp':
    case 'org.apache.kafka.connect.data.Timestamp':
      return isoInstant(BigInt(value))
    case 'io.debezium.time.MicroTimestamp':
      return isoInstant(BigInt(value) / 1_000n)
    case 'io.debezium.time.NanoTimestamp':
      return isoInstant(BigInt(value) / 1_000_000n)
    default:
      return undefined
  }
}

const isoDay = (ms: bigint): string => new Date(Number(ms)).toISOString().slice(0, 10)
/** A timestamp without time zone, as PostgreSQL writes it. */
const isoInstant = (ms: bigint): string => new Date(Number(ms)).toISOString().replace('T', ' ').replace('Z', '')

/** io.debezium.data.VariableScaleDecimal, which tells its scale itself. */
function isScaled(value: unknown): value is { scale: number; value: string } {
  if (typeof value !== 'object' || value === null || !('scale' in value) || !('value' in value)) return false
  return Number.isInteger(value.scale) && typeof value.value === 'string'
}

/** A signed big-endian number in Base64, with so many of its digits behind the point, as an exact text. */
function readUnscaled(base64: string, scale: number): string {
  const bytes = Buffer.from(base64, 'base64')
  const unsigned = bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`)
  const isNegative = bytes.length > 0 && (bytes[0] ?? 0) >= 0x80
  const number = isNegative ? unsigned - (1n << BigInt(8 * bytes.length)) : unsigned
  const digits = (number < 0n ? -number : number).toString().padStart(scale + 1, '0')
  const sign = number < 0n ? '-' : ''
  if (scale <= 0) return `${sign}${digits}${'0'.repeat(-scale)}`
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const unreadable = (params: Place) => new AppError(changesErrors.value, { params })
