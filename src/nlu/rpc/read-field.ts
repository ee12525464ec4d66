/** A message whose fields are not what they must be: its sender is of another version, or not one of ours. */
export class UnreadableMessage extends Error {}

const longestName = 64
const shown = (value: string): string => JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)

/** One of `allowed`; throws {@link UnreadableMessage}. */
export function readOneOf<T extends string>(allowed: readonly T[], value: string, field: string): T {
  const found = allowed.find((one) => one === value)
  if (found === undefined) throw new UnreadableMessage(`${field}: ${shown(value)} is none of ${allowed.join(', ')}`)
  return found
}

/** A text of `min`…`max` UTF-16 units; throws {@link UnreadableMessage}. */
export function readLength(value: string, [min, max]: [min: number, max: number], field: string): string {
  if (value.length >= min && value.length <= max) return value
  throw new UnreadableMessage(`${field}: ${value.length} letters where ${min} to ${max} can be`)
}

/** A name of the catalog: an entity, field or measure. Throws {@link UnreadableMessage}. */
export const readName = (value: string, field: string): string => readLength(value, [1, longestName], field)

/** A list of at most `max`; throws {@link UnreadableMessage}. */
export function readList<T, R>(list: readonly T[], max: number, read: (one: T) => R): R[] {
  if (list.length > max) throw new UnreadableMessage(`${list.length} entries where ${max} can be`)
  return list.map(read)
}

/** A date as YYYY-MM-DD; throws {@link UnreadableMessage}. */
export function readDate(value: string, field: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return value
  throw new UnreadableMessage(`${field}: ${shown(value)} is no date`)
}

/** Most messages name the same day as the one before. */
let lastDay = ''

/** A date as YYYY-MM-DD that is in the calendar; throws {@link UnreadableMessage}. */
export function readDay(value: string, field: string): string {
  if (value === lastDay) return value
  const day = new Date(`${readDate(value, field)}T00:00:00Z`)
  if (!Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)) {
    lastDay = value
    return value
  }
  throw new UnreadableMessage(`${field}: ${shown(value)} is in no calendar`)
}

/** A number that can be reckoned with; throws {@link UnreadableMessage}. */
export function readFinite(value: number, field: string): number {
  if (Number.isFinite(value)) return value
  throw new UnreadableMessage(`${field}: ${value} is no number`)
}
