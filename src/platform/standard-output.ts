import { writeSync } from 'node:fs'
import { type DestinationStream, pino } from 'pino'

/** At the end, for a reader that is slow: the library pauses 100 ms between two tries. */
const mostTries = 20

/**
 * Standard output, written without waiting. What is left goes out when the process ends, as far as somebody reads it: where nobody
 * does, or does for 2 s, it is given up. The library alone would go on trying, and the process would never end.
 */
export function openStandardOutput(): DestinationStream {
  let triesLeft = Number.POSITIVE_INFINITY
  let isAllOut = true
  const output = pino.destination({ fd: 1, sync: false, retryEAGAIN: () => triesLeft-- > 0 })
  const write = output.write.bind(output)
  output.write = (text) => {
    isAllOut = false
    return write(text)
  }
  output.on('drain', () => {
    isAllOut = true
  })
  const flushSync = output.flushSync.bind(output)
  output.flushSync = () => {
    if (isAllOut || !isRead()) return
    triesLeft = mostTries
    try {
      flushSync()
    } catch {
      // Nobody is left to be told.
    }
    triesLeft = Number.POSITIVE_INFINITY
  }
  return output
}

/** Only a write tells; between lines of JSON an empty one says nothing. */
function isRead(): boolean {
  try {
    writeSync(1, '\n')
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EAGAIN'
  }
}
