/**
 * Runs pieces of work one after the other. For changes that wait for the audit trail inside of a transaction: each holds a
 * connection and needs a second, and many at once would wait for each other's.
 */
export function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }
}
