/**
 * The claim of a name, or of a path of names with dots between: `realm_access.roles`. A claim whose own name has dots, such as
 * a URL, goes first. Undefined when there is none.
 */
export function readClaim(claims: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  let value: unknown = claims
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}
