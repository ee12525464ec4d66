/**
 * Whether far fewer records came than the copy has: more likely a right that was withdrawn, a filter or a fault than a clear-out.
 * `mostGone` is the share, 0…1, that may be missing.
 */
export function isSuspicious({ before, read, mostGone }: { before: number; read: number; mostGone: number }): boolean {
  if (before === 0) return false
  return read === 0 || read < before * (1 - mostGone)
}
