/** Growing texts that are remembered: more than people type at once. */
const mostGrowing = 1024

/**
 * Remembers the newest revision of each growing text. The result tells whether `revision` of `id` is newer than all seen, and
 * then remembers it.
 */
export function createRevisionLedger(): (id: string, revision: number) => boolean {
  const newest = new Map<string, number>()
  return (id, revision) => {
    if (revision <= (newest.get(id) ?? 0)) return false
    // Put last again: the map's order is that of use, and its first entry the one to forget.
    newest.delete(id)
    newest.set(id, revision)
    const [eldest] = newest.keys()
    if (newest.size > mostGrowing && eldest !== undefined) newest.delete(eldest)
    return true
  }
}
