/** A value that differs, by its place: `phases.delete.min_age`. */
export type Difference = { place: string; present: unknown; desired: unknown }

/**
 * What of `desired` is not so in `present`, which the server gave back: it writes numbers and booleans as text in settings, and adds what
 * it takes for granted; that is no difference.
 */
export function compareParts(desired: unknown, present: unknown, place = ''): Difference[] {
  if (isObject(desired)) {
    const other = isObject(present) ? present : {}
    return Object.entries(desired).flatMap(([key, value]) =>
      compareParts(value, other[key], place === '' ? key : `${place}.${key}`),
    )
  }
  if (Array.isArray(desired) && Array.isArray(present) && desired.length === present.length)
    return desired.flatMap((value, index) => compareParts(value, present[index], `${place}[${index}]`))
  const isSame = !Array.isArray(desired) && present !== undefined && String(desired) === String(present)
  return isSame ? [] : [{ place, present, desired }]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
