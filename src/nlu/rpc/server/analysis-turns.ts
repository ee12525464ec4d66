/** Something with texts to read. `readNext` starts on one and returns whether another can be started. */
export type Reader = { readNext(): boolean }

/** Reading blocks the event loop; after so long, health checks, withdrawals and newer texts get their turn. */
const sliceMs = 2

/** Lets all readers read in turn, one text each. Call the result when a reader may have something to read. */
export function createAnalysisTurns(): (reader: Reader) => void {
  // Taken from the front and put back at the end: a ring.
  const ready = new Set<Reader>()
  let isScheduled = false

  function schedule(): void {
    if (isScheduled) return
    isScheduled = true
    // After the input that is already there: a text that a newer one replaces in it isn't read for nothing.
    setImmediate(readSlice)
  }

  function readSlice(): void {
    isScheduled = false
    const until = performance.now() + sliceMs
    for (const reader of ready) {
      ready.delete(reader)
      if (reader.readNext()) ready.add(reader)
      if (performance.now() >= until) break
    }
    if (ready.size > 0) schedule()
  }

  return (reader) => {
    ready.add(reader)
    schedule()
  }
}
