import type { SigningKeyStatus } from '#auth'
import type { RewrapReport, SealedCount } from '#platform/rewrap'
import { alignRows } from './align-rows.ts'

export function printSigningKeys(keys: SigningKeyStatus[]): string {
  if (keys.length === 0) return 'No signing key yet: the first one is made when the service starts.'
  const rows = keys.map(({ kid, state, signsFrom, retiresAt }) => [
    ...[kid, state, `signs from ${signsFrom.toISOString()}`],
    retiresAt ? `retires ${retiresAt.toISOString()}` : '',
  ])
  return alignRows(rows, [false, false, false, false]).join('\n')
}

/** What hangs on which master key, and what that means for the old ones. */
export function printSealed(currentId: string, counts: SealedCount[]): string {
  const rows = counts.map(({ table, column, masterKeyId, count }) => [
    ...[`${table}.${column}`, masterKeyId, masterKeyId === currentId ? 'current' : 'old'],
    count.toLocaleString('en-US'),
  ])
  const old = counts.filter(({ masterKeyId }) => masterKeyId !== currentId)
  const verdict =
    old.length === 0
      ? `Everything is sealed under the current master key, ${currentId}.`
      : `${sumUp(old)}; the current master key is ${currentId}. Run keys rewrap: running services take up a new master key within two minutes.`
  return [...alignRows(rows, [false, false, false, true]), verdict].join('\n')
}

function sumUp(counts: SealedCount[]): string {
  const sum = counts.reduce((total, { count }) => total + count, 0)
  const ids = [...new Set(counts.map(({ masterKeyId }) => masterKeyId))].join(', ')
  return `${sum.toLocaleString('en-US')} values are still sealed under ${ids}`
}

export function printRewrap(reports: RewrapReport[]): string {
  const rows = reports.map(({ table, column, sealed, passed, unopened }) => [
    ...[`${table}.${column}`, `${sealed.toLocaleString('en-US')} sealed anew`],
    passed > 0 ? `${passed} changed meanwhile` : '',
    unopened.length > 0 ? `do not open: ${unopened.join(', ')}` : '',
  ])
  return alignRows(rows, [false, false, false, false]).join('\n')
}
